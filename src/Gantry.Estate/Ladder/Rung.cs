namespace Gantry.Estate.Ladder;

/// <summary>The ladder of adoption. A thing stands on the highest rung whose own evidence, and that of each rung below it, is fresh.</summary>
public enum Rung
{
    /// <summary>It runs (a process listens, an agent is connected) and nothing that it sends is seen.</summary>
    Dark = 0,

    /// <summary>Utilisation, saturation and errors of a host.</summary>
    Infrastructure = 1,

    /// <summary>Rate, errors and duration of a service's inbound requests.</summary>
    Baseline = 2,

    /// <summary>Its spans are joined to another service's in one trace.</summary>
    Transactions = 3,

    /// <summary>Business telemetry or profiles: what no automatic instrumentation sends.</summary>
    Custom = 4,
}
