using Gantry.Estate.Instrumentation;
using Gantry.Estate.Ladder;
using Gantry.Estate.Methods;
using Gantry.Hub.Observations;
using Gantry.Protocol.Inventory;
using Gantry.Protocol.Wire;

namespace Gantry.Hub.Coverage.Processes;

/// <summary>
/// The state of each process, as the hub knows it: what its agent says, and what telemetry shows. An agent knows that something was loaded; only telemetry
/// shows that it works, whoever put it there. Telemetry lifts a process that is detected, eligible, loaded or observed, and takes nothing back: what waits for a
/// restart goes on waiting.
/// </summary>
internal sealed class ProcessStates(DateTimeOffset now)
{
    /// <summary>Two that send at the same time are seen within this of each other: some export intervals. One that took the other's place is not.</summary>
    private static readonly TimeSpan SameTime = TimeSpan.FromSeconds(90);

    private readonly Dictionary<HostProcess, List<Sighting>> _seen = [];

    /// <summary>A source of telemetry was recognised as these processes.</summary>
    /// <param name="isComplete">Its service has rate, errors and duration.</param>
    public void See(ServiceState service, SourceState source, IReadOnlyList<HostProcess> processes, bool isComplete)
    {
        foreach (var process in processes)
        {
            if (!_seen.TryGetValue(process, out var list))
            {
                _seen.Add(process, list = []);
            }

            // By name: after an upgrade two versions are seen, and are one.
            list.Add(new Sighting(service.Key.Name, source.Find("telemetry.distro.name") is { Length: > 0 } distro ? distro : source.Find("telemetry.sdk.name"), source.LastSeen, isComplete));
        }
    }

    public ProcessRow Row(HostProcess process)
    {
        var fact = process.Fact;
        var told = fact.Instrumentation ?? new InstrumentationStatus();
        var seen = _seen.GetValueOrDefault(process, []);
        var (state, reason, message, evidence) = Judge(told, [.. seen.Where(item => now - item.At <= Ladder.FreshFor && item.At >= process.Started)]);
        return new ProcessRow(
            process.HostId,
            process.HostName,
            fact.Pid,
            process.Started,
            fact.DisplayName,
            fact.Executable,
            fact.Owner,
            fact.Language,
            fact.LanguageRule,
            fact.RuntimeVersion,
            [.. fact.Listening.OrderBy(socket => socket.Port).Select(socket => socket.Address.Contains(':') ? $"[{socket.Address}]:{socket.Port}" : $"{socket.Address}:{socket.Port}")],
            fact.Unit,
            fact.ContainerId)
        {
            Id = RowId.Of(fact.DisplayName, process.HostId, $"{fact.Pid}", $"{fact.StartUnixNano}"),
            Script = fact.Script,
            State = InstrumentationWords.Of(state),
            StateSince = state == told.State && told.SinceUnixNano > 0 ? UnixTime.FromUnixNano(told.SinceUnixNano) : null,
            Reason = reason,
            Message = message,
            Evidence = evidence,
            Method = told.Method,
            Rule = told.Rule,
            Dropped = told.Dropped,
            Services = [.. seen.Select(item => item.Service).Distinct()],
            OtherAgents = [.. fact.OtherAgents.Select(other => new OtherAgentRow(other.Name, other.Rule, other.StopsInjection))],
            Libc = fact.IsStatic ? "static" : fact.Libc,
            PodUid = fact.PodUid,
            Unreadable = fact.Unreadable,
            Advice = () => MethodCatalogue.Advise(fact, MethodCatalogue.PlatformOf(fact)),
        };
    }

    private static (InstrumentationState State, string Reason, string Message, string Evidence) Judge(InstrumentationStatus told, List<Sighting> seen)
    {
        var last = seen.Count > 0 ? seen.Max(item => item.At) : default;
        var senders = seen.Where(item => item.Sender.Length > 0 && last - item.At <= SameTime).Select(item => item.Sender).Distinct().Order(StringComparer.Ordinal).ToList();
        if (senders.Count > 1)
        {
            return (InstrumentationState.Conflicting, "", $"two send for it at the same time: {string.Join(" and ", senders)}; switch one of them off", told.Evidence);
        }

        // Blocked by nobody's rule is only "nothing more can be put in", and something that sends may be in already.
        var isLifted = seen.Count > 0
            && (told.State is InstrumentationState.Detected or InstrumentationState.Eligible or InstrumentationState.Loaded or InstrumentationState.Observed
                || told is { State: InstrumentationState.Blocked, Rule: "" });
        if (!isLifted)
        {
            return (told.State, told.Reason, told.Message, told.Evidence);
        }

        var isComplete = seen.Exists(item => item.IsComplete);
        var who = senders.Count == 1 ? $"{senders[0]} sends for it as {seen[0].Service}" : $"telemetry came from it as {seen[0].Service}";
        return (
            isComplete ? InstrumentationState.Healthy : InstrumentationState.Observed,
            "",
            isComplete ? "" : "its service has no complete rate, errors and duration yet",
            told.Evidence.Length > 0 ? $"{told.Evidence}; {who}" : who);
    }

    private readonly record struct Sighting(string Service, string Sender, DateTimeOffset At, bool IsComplete);
}
