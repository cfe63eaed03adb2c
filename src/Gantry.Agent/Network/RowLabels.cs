using Gantry.Agent.Host;

namespace Gantry.Agent.Network;

/// <summary>The attributes of a row: who opened the connection is the source, whoever of the two measured it.</summary>
internal sealed class RowLabels(Parties parties, SpaceTable spaces, ulong startUnixNano)
{
    private static readonly Tag Client = new("gantry.network.role", "client");
    private static readonly Tag Server = new("gantry.network.role", "server");

    public PointLabels Others { get; } = new([new Tag("gantry.network.role", "other")], startUnixNano);

    /// <summary>Made anew only when what is known of the row changed.</summary>
    public void Update(TrafficRow row)
    {
        if (row.Labels is not null && row.LabelledPeer == row.Peer)
        {
            return;
        }

        row.LabelledPeer = row.Peer;
        var key = row.Key;
        var isClient = key.Role == Role.Client;
        var tags = new List<Tag>(8) { isClient ? Client : Server };
        Name(tags, isClient ? key.Local : row.Peer, "gantry.source.service", "gantry.source.process");
        Add(tags, "source.address", isClient ? "" : key.Remote.ToString());
        Name(tags, isClient ? row.Peer : key.Local, "gantry.destination.service", "gantry.destination.process");
        Add(tags, "destination.address", isClient ? key.Remote.ToString() : "");
        Add(tags, "destination.port", key.Port.ToString());
        if (parties[key.Local].Container is { Length: > 0 } container)
        {
            tags.Add(new Tag("container.id", container));
        }

        // Addresses of another namespace may be the same as ours.
        if (key.Space != spaces.Own)
        {
            tags.Add(new Tag("gantry.network.namespace", key.Space.ToString()));
        }

        row.Labels = new PointLabels([.. tags], startUnixNano);
    }

    private void Name(List<Tag> tags, int party, string service, string process)
    {
        Add(tags, service, parties[party].Service);
        Add(tags, process, parties[party].Process);
    }

    private static void Add(List<Tag> tags, string key, string value)
    {
        if (value.Length > 0)
        {
            tags.Add(new Tag(key, value));
        }
    }
}
