using Gantry.Hub.Coverage;
using Gantry.Hub.Observations;

namespace Gantry.Hub.Journeys.Hops;

/// <summary>A hop while a journey is put together.</summary>
internal sealed class HopDraft(HopDraft? parent, HopEnd end, string operation)
{
    public HopDraft? Parent => parent;

    public HopEnd End => end;

    public string Operation { get; set; } = operation;

    public List<HopDraft> Children { get; } = [];

    public ServiceRow? Row { get; init; }

    /// <summary>What its figures come from; null for what is no service, or sends nothing.</summary>
    public ServiceState? State { get; set; }

    public double Share { get; set; }

    public string Break { get; set; } = "";

    public string Origin { get; set; } = "learnt";

    /// <summary>Of a service: any of its names.</summary>
    public bool IsCalled(string name) => end.Name == name || (Row is { } row && DeclaredNames.IsCalled(row, name));

    public bool Optional { get; set; }

    public DateTimeOffset? LastSeen { get; set; }

    /// <summary>Stable within a journey: the way to it.</summary>
    public string Id { get; } = RowId.Of(end.Name, parent?.Id ?? "", end.Id, operation);

    public int Depth { get; } = parent is null ? 0 : parent.Depth + 1;

    public IEnumerable<HopDraft> All => Children.SelectMany(child => child.All).Prepend(this);
}
