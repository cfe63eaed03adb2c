using Gantry.Estate.Use;
using Gantry.Hub.Coverage;

namespace Gantry.Testing;

/// <summary>An estate that a test writes: publish a snapshot, give series, and ask it to fail.</summary>
public sealed class FakeEstate(EstateSnapshot first) : EstateQueries
{
    private volatile EstateSnapshot _current = first;

    private int _reads;

    public override EstateSnapshot Current
    {
        get
        {
            Interlocked.Increment(ref _reads);
            return Failure is { } failure ? throw failure : _current;
        }
    }

    /// <summary>How often a snapshot was asked for.</summary>
    public int Reads => Volatile.Read(ref _reads);

    /// <summary>When set, the next questions fail with it.</summary>
    public Exception? Failure { get; set; }

    public Func<string, TimeSpan, IReadOnlyList<UsePoint>> Use { get; set; } = static (_, _) => [];

    public Func<string, TimeSpan, IReadOnlyList<RedPoint>> Red { get; set; } = static (_, _) => [];

    public Func<string, IReadOnlyList<OperationRow>> OperationsOf { get; set; } = static _ => [];

    public Func<string, string, TimeSpan, IReadOnlyList<RedPoint>> OperationRedOf { get; set; } = static (_, _, _) => [];

    public Func<string, ServiceNeighbours> NeighboursOf { get; set; } = static _ => new ServiceNeighbours([], []);

    public void Publish(EstateSnapshot next) => _current = next;

    public void Publish(Func<EstateSnapshot, EstateSnapshot> change) => _current = change(_current);

    public override IReadOnlyList<UsePoint> HostUse(string hostId, TimeSpan span) => Use(hostId, span);

    public override IReadOnlyList<RedPoint> ServiceRed(string serviceId, TimeSpan span) => Red(serviceId, span);

    public override IReadOnlyList<OperationRow> Operations(string serviceId) => OperationsOf(serviceId);

    public override IReadOnlyList<RedPoint> OperationRed(string serviceId, string operation, TimeSpan span) => OperationRedOf(serviceId, operation, span);

    public override ServiceNeighbours Neighbours(string serviceId) => NeighboursOf(serviceId);
}
