using Gantry.Estate.Findings;
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
    private string? _id;
    private FindingKind? _kind;
    private string _kindOf = "";

    public FindingSubject Subject { get; } = subject;

    /// <summary>What the catalogue says of it. Worked out once for each example: thousands of findings are shown each second.</summary>
    public FindingKind Kind
    {
        get
        {
            if (_kind is null || _kindOf != Example)
            {
                (_kind, _kindOf) = (FindingCatalogue.Of(Subject.Code, Example), Example);
            }

            return _kind;
        }
    }

    /// <summary>Of all gateways, since it was first seen.</summary>
    public ulong Count { get; set; }

    public string Example { get; set; } = "";

    public DateTimeOffset FirstSeen { get; set; }

    public DateTimeOffset LastSeen { get; set; }

    public bool Dirty { get; set; } = true;

    /// <summary>A finding stays with its service, so its id is hashed once.</summary>
    public string IdIn(ServiceState service) => _id ??= RowId.Of($"{service.Key.Name}-{Subject.Code}", service.Id, Subject.Code, Subject.Subject);
}
