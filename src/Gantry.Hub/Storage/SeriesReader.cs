using System.Text.Json;
using Gantry.Estate.Use;
using Gantry.Hub.Observations;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Storage;

/// <summary>Reads series that are older than what memory holds.</summary>
internal sealed class SeriesReader(HubDatabase database)
{
    // A day of ten-second points would be 8,640: every nth is enough for a page.
    private const int MaxPoints = 720;

    public IReadOnlyList<UsePoint> HostUse(string hostId, DateTimeOffset from)
    {
        using var connection = database.Open();
        using var command = HubDatabase.Command(
            connection, "SELECT point FROM use_point WHERE host = $host AND at >= $at ORDER BY at", ("$host", hostId), ("$at", from.ToUnixTimeMilliseconds()));
        using var reader = command.ExecuteReader();
        var points = new List<UsePoint>();
        while (reader.Read())
        {
            points.Add(JsonSerializer.Deserialize<UsePoint>(reader.GetString(0))!);
        }

        var every = Math.Max(1, points.Count / MaxPoints);
        return [.. points.Where((_, index) => index % every == 0 || index == points.Count - 1)];
    }

    /// <param name="newer">What memory holds; it is newer than what was written.</param>
    public List<RedSlot> ServiceRed(string serviceId, RedSource source, DateTimeOffset from, List<RedSlot> newer)
    {
        var slots = newer.ToDictionary(slot => slot.Slot);
        using var connection = database.Open();
        using var command = HubDatabase.Command(
            connection,
            "SELECT slot, calls, errors, buckets FROM red_slot WHERE service = $service AND source = $source AND slot >= $slot",
            ("$service", serviceId), ("$source", (int)source), ("$slot", from.UtcTicks / ServiceState.Interval.Ticks));
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            slots.TryAdd(reader.GetInt64(0), new RedSlot(reader.GetInt64(0))
            {
                Calls = (ulong)reader.GetInt64(1),
                Errors = (ulong)reader.GetInt64(2),
                Buckets = Blobs.ToCounts(reader.GetFieldValue<byte[]>(3)),
            });
        }

        return [.. slots.Values.OrderBy(slot => slot.Slot)];
    }
}
