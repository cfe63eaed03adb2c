using Gantry.Estate.Instrumentation;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;
using Microsoft.Extensions.Logging;

namespace Gantry.Agent.Instrument;

/// <summary>
/// What the hub last gave this agent to instrument. It is kept in the state folder, so an agent that starts while the hub is away does what was last approved;
/// with nothing there it leaves every process alone. A plan that cannot be read whole is refused, and the one in force stays.
/// </summary>
internal sealed class RemotePlan
{
    private const string FileName = "remote-config";

    /// <summary>Plan and OBI's settings together.</summary>
    private const int Longest = 8 * 1024 * 1024;

    private readonly string _path;
    private readonly ILogger _logger;
    private volatile Held _held = new(InstrumentationPlan.Nothing, null);
    private volatile RemoteConfigStatus? _status;

    public RemotePlan(string folder, ILogger logger)
    {
        _path = Path.Combine(folder, FileName);
        _logger = logger;
        Load();
    }

    /// <summary>In force. Another object when it changed.</summary>
    public InstrumentationPlan Plan => _held.Plan;

    /// <summary>There was a plan, and it cannot be read: what is to be instrumented is not known until the hub says so. What is, stays.</summary>
    public bool IsLost { get; private set; }

    /// <summary>For the hub; null before it ever gave anything.</summary>
    public RemoteConfigStatus? Status => _status;

    /// <summary>What is in force, as it was given; null when nothing was.</summary>
    public EffectiveConfig? Effective
    {
        get
        {
            if (_held.Config is not { } config)
            {
                return null;
            }

            var effective = new EffectiveConfig();
            effective.Map.Entries.AddRange(config.Map.Entries);
            return effective;
        }
    }

    /// <summary>Takes an offer, or refuses it. Called by one thread at a time.</summary>
    /// <returns>True when there is something to tell: <see cref="Status"/> is another.</returns>
    public bool Offer(AgentRemoteConfig config)
    {
        if (_status is { State: RemoteConfigState.Applied } last && last.LastHash.AsSpan().SequenceEqual(config.Hash))
        {
            return false;
        }

        if (Read(config, out var error) is { } held)
        {
            _held = held;
            IsLost = false;
            _status = new RemoteConfigStatus { LastHash = config.Hash, State = RemoteConfigState.Applied };
            Save(config);
            Log.PlanTaken(_logger, held.Plan.Rules.Count, Short(config.Hash));
        }
        else
        {
            _status = new RemoteConfigStatus { LastHash = config.Hash, State = RemoteConfigState.Failed, ErrorMessage = error };
            Log.PlanRefused(_logger, Short(config.Hash), error);
        }

        return true;
    }

    private static Held? Read(AgentRemoteConfig config, out string error)
    {
        error = "";
        var plan = InstrumentationPlan.Nothing;
        foreach (var entry in config.Map.Entries)
        {
            switch (entry.Name)
            {
                case InstrumentationPlanJson.FileName:
                    if (InstrumentationPlanJson.TryRead(entry.Config.Body, out error) is not { } read)
                    {
                        error = $"{entry.Name}: {error}";
                        return null;
                    }

                    plan = read;
                    break;
                case "obi":
                    // For people; the plan has the same settings.
                    break;
                default:
                    error = $"{entry.Name}: gantry-agent takes the files {InstrumentationPlanJson.FileName} and obi";
                    return null;
            }
        }

        return new Held(plan, config);
    }

    private void Load()
    {
        try
        {
            if (!File.Exists(_path))
            {
                return;
            }

            // Until it is read.
            IsLost = true;
            if (new FileInfo(_path).Length > Longest)
            {
                Log.KeptPlanUnreadable(_logger, _path, $"it is longer than {Longest} bytes");
                return;
            }

            var error = "it is no OpAMP message";
            if (WireMessage.TryRead<AgentRemoteConfig>(File.ReadAllBytes(_path), out _) is not { } config || Read(config, out error) is not { } held)
            {
                Log.KeptPlanUnreadable(_logger, _path, error);
                return;
            }

            _held = held;
            IsLost = false;
            _status = new RemoteConfigStatus { LastHash = config.Hash, State = RemoteConfigState.Applied };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Log.KeptPlanUnreadable(_logger, _path, error.Message);
        }
    }

    private void Save(AgentRemoteConfig config)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            File.WriteAllBytes(_path + ".new", config.ToArray());
            File.Move(_path + ".new", _path, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // It is in force all the same; an agent that starts while the hub is away would do what is kept from before.
            Log.PlanNotKept(_logger, _path, error.Message);
        }
    }

    private static string Short(byte[] hash) => Convert.ToHexStringLower(hash.AsSpan(0, Math.Min(6, hash.Length)));

    private sealed record Held(InstrumentationPlan Plan, AgentRemoteConfig? Config);
}
