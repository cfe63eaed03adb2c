namespace Gantry.Hub.Coverage.Edges;

/// <summary>Services by name. Of several with one name, those nearest to the caller come first: same environment and namespace, then same
/// environment, then any.</summary>
internal sealed class ServiceNames(IReadOnlyList<ServiceRow> services)
{
    // Of so many services nobody could choose one; looking at more of them for each edge would only take time.
    private const int MostLookedAt = 100;

    private readonly ILookup<string, ServiceRow> _byName = Named(services).ToLookup(item => item.Name, item => item.Row, StringComparer.Ordinal);
    private readonly ILookup<(string, string), ServiceRow> _here = Named(services).ToLookup(item => (item.Name, item.Row.Environment), item => item.Row);
    private readonly ILookup<(string, string, string), ServiceRow> _beside = Named(services).ToLookup(item => (item.Name, item.Row.Environment, item.Row.Namespace), item => item.Row);

    /// <summary>One that a document declares is found by each of its names.</summary>
    private static IEnumerable<(string Name, ServiceRow Row)> Named(IReadOnlyList<ServiceRow> services) => services.SelectMany(row =>
        row.Declared.Length == 0 ? [(row.Name, row)] : row.Names.Where(name => name.Source is "telemetry" or "obi" or "declared").Select(name => name.Name).Append(row.Name).Distinct().Select(name => (name, row)));

    public IEnumerable<ServiceRow> Called(string name) => _byName[name].Take(MostLookedAt);

    public (IReadOnlyList<ServiceRow> Rows, string How) Nearest(ServiceRow caller, string name)
    {
        // Nearly every edge ends here: what is beside the caller goes first, and a row has a name once.
        var beside = _beside[(name, caller.Environment, caller.Namespace)].Take(MostLookedAt).ToList();
        return beside.Count > 0 ? (beside, "") : Nearest(caller, _here[(name, caller.Environment)].Concat(_byName[name]));
    }

    public static (IReadOnlyList<ServiceRow> Rows, string How) Nearest(ServiceRow caller, IEnumerable<ServiceRow> found)
    {
        var rows = Distinct(found);
        var here = rows.Where(row => row.Environment == caller.Environment).ToList();
        var beside = here.Where(row => row.Namespace == caller.Namespace).ToList();
        return (beside.Count, here.Count, rows.Count) switch
        {
            ( > 0, _, _) => (beside, ""),
            (_, > 0, _) => (here, ""),
            (_, _, 1) => (rows, $", in environment \"{rows[0].Environment}\""),
            _ => (rows, ""),
        };
    }

    /// <summary>By reference: two rows that are equal in every field are still two.</summary>
    public static IReadOnlyList<ServiceRow> Distinct(IEnumerable<ServiceRow> rows) => [.. rows.Take(MostLookedAt).Distinct<ServiceRow>(ReferenceEqualityComparer.Instance)];
}
