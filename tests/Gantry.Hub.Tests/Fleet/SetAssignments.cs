using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Gantry.Estate.Agents;
using Gantry.Estate.Configurations;
using Gantry.Estate.Packages;
using Gantry.Hub.Rollouts;

namespace Gantry.Hub.Tests.Fleet;

/// <summary>Assigns what a test says, to one agent by its id or to all of a kind.</summary>
internal sealed class SetAssignments : IAssignments
{
    private readonly ConcurrentDictionary<string, Assignment?> _set = new();
    private long _revision;

    public event Action? Changed;

    public List<AgentFacts> Asked { get; } = [];

    public Assignment? Of(AgentFacts agent)
    {
        lock (Asked)
        {
            Asked.Add(agent);
        }

        return _set.TryGetValue(agent.Id, out var one) || _set.TryGetValue(agent.Kind.ToString(), out one) ? one : null;
    }

    /// <summary>One package for everybody.</summary>
    public PackageSet? PackagesOf(AgentFacts agent) => PackageSet.Of([new Package("collector", IsAddon: false, [], "0.158.0", "http://files.example/otelcol", new byte[32], [1])]);

    /// <param name="who">An agent's id, or the name of a kind.</param>
    /// <param name="body">Null: it is to be left alone.</param>
    /// <returns>The hash.</returns>
    public string Set(string who, string? body, string name = "", string contentType = "text/yaml", AgentKind kind = AgentKind.Collector)
    {
        var bytes = Encoding.UTF8.GetBytes(body ?? "");
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{name}\0{contentType}\0{body}")));
        _set[who] = body is null
            ? null
            : new Assignment("test", Interlocked.Increment(ref _revision), new CompiledConfig(hash, kind, [new ConfigFile(name, contentType, bytes)], []));
        Changed?.Invoke();
        return hash;
    }
}
