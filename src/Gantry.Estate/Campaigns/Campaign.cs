using Gantry.Estate.Ladder;

namespace Gantry.Estate.Campaigns;

/// <summary>A stretch of adoption with an end: these services on that rung by this day.</summary>
/// <param name="Journey">Name of the journey whose hops are its services; "" where <paramref name="Services"/> says which.</param>
/// <param name="Services">Null where the journey says which.</param>
/// <param name="Target">Baseline, Transactions or Custom.</param>
/// <param name="Start">It is in progress from the beginning of this day (UTC) on; null: since it was declared.</param>
/// <param name="By">It is late after the end of this day (UTC); null: a draft, which nobody is held to.</param>
public sealed record Campaign(
    string Name, string Title, string Owner, string Brief, string Journey, CampaignServices? Services, Rung Target, DateOnly? Start, DateOnly? By, CampaignChecks Checks)
{
    /// <summary>Somebody closed it: nothing of it is measured any more.</summary>
    public bool IsEnded { get; init; }
}

/// <summary>Services by what is said of them; "" for any. At least one says something.</summary>
/// <param name="Owner">Person or team.</param>
/// <param name="Namespace">service.namespace.</param>
/// <param name="Environment">deployment.environment.name.</param>
public sealed record CampaignServices(string Owner, string Namespace, string Environment)
{
    public bool IsOf(string owner, string @namespace, string environment) =>
        (Owner.Length == 0 || Owner == owner) && (Namespace.Length == 0 || Namespace == @namespace) && (Environment.Length == 0 || Environment == environment);
}

/// <summary>What must hold besides the rung, which is always checked.</summary>
/// <param name="NoBreaks">No link of the journey, or of these services, loses traces.</param>
/// <param name="Complete">Least share of complete traces, above 0 and at most 1; null: not checked.</param>
/// <param name="Score">Least Instrumentation Score of each service, 1 to 100; null: not checked.</param>
public sealed record CampaignChecks(bool NoBreaks, double? Complete, int? Score);
