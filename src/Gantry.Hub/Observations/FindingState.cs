using Gantry.Protocol.Observations;

namespace Gantry.Hub.Observations;

/// <summary>What makes a finding of a service one finding.</summary>
/// <param name="Subject">The attribute that is missing; "" for codes that a service has once.</param>
internal readonly record struct FindingSubject(string Code, string Subject)
{
    private const int MaxCode = 64;

    // What the gateway promises at most.
    private const int MaxExample = 512;

    public static FindingSubject Of(ServiceFinding finding) =>
        new(Cut(finding.Code, MaxCode), finding.Code == FindingCodes.MissingResourceAttribute ? ExampleOf(finding) : "");

    public static string ExampleOf(ServiceFinding finding) => Cut(finding.Example, MaxExample);

    private static string Cut(string text, int length) => text.Length > length ? text[..length] : text;
}

internal readonly record struct FindingKey(ServiceKey Service, FindingSubject Subject);

/// <summary>The cumulative count of one gateway as last told.</summary>
internal sealed class FindingTotal
{
    public ulong Count { get; set; }

    public bool Dirty { get; set; } = true;
}

/// <summary>What gateways found wrong in what a service sends. Guarded by the lock of <see cref="ObservationStore"/>.</summary>
internal sealed class FindingState(FindingSubject subject)
{
    public FindingSubject Subject { get; } = subject;

    /// <summary>Of all gateways, since it was first seen.</summary>
    public ulong Count { get; set; }

    public string Example { get; set; } = "";

    public DateTimeOffset FirstSeen { get; set; }

    public DateTimeOffset LastSeen { get; set; }

    public bool Dirty { get; set; } = true;
}
