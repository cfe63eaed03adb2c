using Gantry.Protocol.Inventory;

namespace Gantry.Estate.Instrumentation;

public enum RuleAction
{
    /// <summary>Instrument what matches.</summary>
    Allow,

    /// <summary>Leave what matches alone, whatever comes below.</summary>
    Block,
}

/// <summary>One line of a selection: what matches, and what is to be done with it.</summary>
/// <param name="Name">"shop/payments": the resource and the rule.</param>
/// <param name="Method">Id of a method of the catalogue; "" or "auto": the best one for the process and its host.</param>
/// <param name="Service">service.name for what matches; "" leaves it to the process's own word, then to its display name.</param>
/// <param name="Namespace">service.namespace; "" leaves it out.</param>
public sealed record InstrumentationRule(string Name, RuleAction Action, ProcessMatch Match, string Method = "", string Service = "", string Namespace = "")
{
    public const string Auto = "auto";

    public bool IsAuto => Method is "" or Auto;

    /// <summary>It may choose the method for what it matches.</summary>
    public bool MayBeBy(string method) => Action == RuleAction.Allow && (IsAuto || Method == method);

    /// <summary>What telemetry of the process calls its service.</summary>
    public string ServiceOf(ProcessFact process) =>
        Service.Length > 0 ? Service : process.DeclaredService.Length > 0 ? process.DeclaredService : process.DisplayName;
}
