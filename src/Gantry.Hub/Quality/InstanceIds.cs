namespace Gantry.Hub.Quality;

/// <summary>
/// Who uses which service.instance.id. Two that are the same kind of thing (two pods, two containers, two processes) and sent at the same time share one
/// that should be theirs alone; one after the other they may. Bounded, and only in memory: what was found is evidence, which is kept.
/// </summary>
internal sealed class InstanceIds
{
    private const int MaxIds = 1000;
    private const int MaxUsers = 4;

    // A report rounds times to seconds, and a pod that ends may overlap with the one that follows it.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Remembered = TimeSpan.FromHours(1);

    private readonly Dictionary<string, List<User>> _byId = [];

    /// <returns>Who shares the id at the same time, in words; "" when nobody does.</returns>
    public string Saw(IReadOnlyDictionary<string, string> attributes, DateTimeOffset at)
    {
        var id = attributes.GetValueOrDefault("service.instance.id", "");
        if (id.Length == 0 || Identify(attributes) is not { } who)
        {
            return "";
        }

        if (!_byId.TryGetValue(id, out var users))
        {
            if (_byId.Count >= MaxIds && !Forget(at))
            {
                return "";
            }

            _byId.Add(id, users = []);
        }

        var user = users.Find(user => user.Kind == who.Kind && user.Name == who.Name);
        if (user is null)
        {
            if (users.Count >= MaxUsers)
            {
                users.Remove(users.MinBy(other => other.Last)!);
            }

            users.Add(user = new User(who.Kind, who.Name, at));
        }

        user.Last = at > user.Last ? at : user.Last;
        var other = users.Find(other => other != user && other.Kind == user.Kind && Min(other.Last, user.Last) - Max(other.First, user.First) > Overlap);
        return other is null ? "" : $"{id} is the service.instance.id of {user.Kind} {user.Name} and of {other.Kind} {other.Name}";
    }

    private static (string Kind, string Name)? Identify(IReadOnlyDictionary<string, string> attributes)
    {
        string Of(string key) => attributes.GetValueOrDefault(key, "");

        foreach (var kind in (ReadOnlySpan<string>)["k8s.pod.uid", "k8s.pod.name", "container.id"])
        {
            if (Of(kind).Length > 0)
            {
                return (kind, Of(kind));
            }
        }

        var host = Of("host.id").Length > 0 ? Of("host.id") : Of("host.name");
        return host.Length > 0 && Of("process.pid").Length > 0 ? ("process.pid", $"{Of("process.pid")} on {host}") : null;
    }

    private bool Forget(DateTimeOffset now)
    {
        foreach (var (id, users) in _byId)
        {
            if (users.TrueForAll(user => now - user.Last > Remembered))
            {
                _byId.Remove(id);
            }
        }

        return _byId.Count < MaxIds;
    }

    private static DateTimeOffset Min(DateTimeOffset a, DateTimeOffset b) => a < b ? a : b;

    private static DateTimeOffset Max(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private sealed class User(string kind, string name, DateTimeOffset first)
    {
        public string Kind { get; } = kind;

        public string Name { get; } = name;

        public DateTimeOffset First { get; } = first;

        public DateTimeOffset Last { get; set; } = first;
    }
}
