namespace Gantry.Hub.Fleet.Views;

/// <summary>The fleet as pages and the API see it, over all doors: filtered, sorted and cut here, so that 100,000 agents cost milliseconds and one page of rows.</summary>
/// <param name="doors">Where two know an id, OpAMP's agent is meant: its ids are unique in the world.</param>
internal sealed class FleetView(IEnumerable<IFleetDoor> doors, TimeProvider time) : FleetQueries
{
    public const int MostRows = 500;

    private readonly IFleetDoor[] _doors = [.. doors.OrderBy(door => door is OpAmpDoor ? 0 : 1)];

    public override int Known => _doors.Sum(door => door.Count);

    public override AgentsFound Find(AgentQuery query)
    {
        var scan = new FleetScan(query, time.GetUtcNow());
        foreach (var door in _doors)
        {
            door.Scan(scan);
        }

        return new AgentsFound([.. scan.Page().Select(item => item.Door.Row(item.Member, scan.Now))], scan.Total)
        {
            Known = scan.Known,
            Searched = scan.Searched,
            Counts = scan.Counts,
        };
    }

    public override AgentDetail? One(string id) => First(door => door.One(id));

    /// <returns>What is wrong with them, "" when it is done; null: there is no such agent.</returns>
    public string? SetAttributes(string id, IReadOnlyDictionary<string, string> attributes) => First(door => door.SetAttributes(id, attributes));

    /// <returns>False: there is nothing that it failed with, or no such agent.</returns>
    public bool Retry(string id) => _doors.Any(door => door.Retry(id));

    private T? First<T>(Func<IFleetDoor, T?> ask)
        where T : class => _doors.Select(ask).FirstOrDefault(answer => answer is not null);
}
