using Gantry.Estate.Ladder;
using Gantry.Estate.Use;

namespace Gantry.Hub.Observations;

/// <summary>What is known of a host from its metrics. Guarded by the lock of <see cref="ObservationStore"/>.</summary>
internal sealed class HostState(string id)
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    public string Id { get; } = id;

    public string Name { get; set; } = id;

    public Dictionary<string, Sighting> Sightings { get; init; } = [];

    public Queue<UsePoint> Points { get; } = new();

    public UsePoint? Latest { get; private set; }

    /// <summary>Points not yet written.</summary>
    public List<UsePoint> Unwritten { get; } = [];

    public DateTimeOffset LastSeen { get; set; }

    public UseReducer Reducer { get; } = new();

    public bool Dirty { get; set; } = true;

    public void Saw(string requirement, DateTimeOffset at, string source)
    {
        if (!Sightings.TryGetValue(requirement, out var before) || before.At < at)
        {
            Sightings[requirement] = new Sighting(at, source);
            Dirty = true;
        }
    }

    public void Add(UsePoint point)
    {
        Unwritten.Add(point);
        // While the disk takes nothing, points wait here; those that no page would show from memory are given up.
        Unwritten.RemoveAll(before => before.At < point.At - Kept);
        Restore(point);
    }

    public void Restore(UsePoint point)
    {
        Latest = point;
        Points.Enqueue(point);
        while (Points.Peek().At < point.At - Kept)
        {
            Points.Dequeue();
        }
    }
}
