namespace Gantry.Conformance;

/// <summary>How much a line weighs: MUST and SHOULD as the specification says them; interop is what keeps real fleets working though no sentence demands it.</summary>
public enum Level
{
    Must,
    Should,
    Interop,
}

public enum Verdict
{
    Pass,
    Fail,
    NotApplicable,
}

public enum Transport
{
    WebSocket,
    Http,
}

/// <summary>One line of the checklist.</summary>
/// <param name="Id">A letter for its group and a number: "T1".</param>
/// <param name="Section">Heading of the OpAMP specification v0.20 that it comes from; "" for interop lines that have none.</param>
public sealed record Check(string Id, Level Level, string Section, string Title, Func<Probe, Task> Run);

/// <summary>What became of a line over one transport.</summary>
/// <param name="Detail">Why it failed, or why it does not apply; "" for a pass.</param>
public sealed record CheckResult(string Id, Level Level, string Section, string Title, Transport Transport, Verdict Verdict, string Detail);

/// <summary>The server did not do what the line says.</summary>
public sealed class CheckFailedException(string message) : Exception(message);

/// <summary>The line does not apply to this server, this transport, or cannot be seen from outside.</summary>
public sealed class NotApplicableException(string message) : Exception(message);
