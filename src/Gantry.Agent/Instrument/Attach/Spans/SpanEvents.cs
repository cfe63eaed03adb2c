using Gantry.Agent.Instrument.Attach.Nettrace;

namespace Gantry.Agent.Instrument.Attach.Spans;

/// <summary>
/// Makes spans of events. A span whose route is not known yet waits for the metrics, which name new routes: until the interval after the one that it came in has
/// ended, as a request is counted a little later than it is told of. Only new routes, and paths that have none, wait.
/// </summary>
/// <param name="unixNano">The time of an event from its ticks.</param>
internal sealed class SpanEvents(SpanBatch batch, RouteTable routes, Func<long, ulong> unixNano) : IEventSink
{
    private const int MostWaiting = 2000;
    private const int LongestWaiting = 4096;

    private readonly List<(ulong End, byte[] Fields, int Round)> _waiting = [];
    private int _round;

    /// <summary>Events that were no span: no ids as W3C writes them.</summary>
    public ulong Unreadable { get; private set; }

    public void Take(EventType type, long ticks, ReadOnlySpan<byte> payload)
    {
        if (type.Provider != SpanArguments.Provider)
        {
            return;
        }

        // Numbers are given out as events are first written; names are the same in each runtime.
        if (type.Name is "Event")
        {
            TakeRequest(unixNano(ticks), payload);
        }
        else if (type.Name is "ActivityStop")
        {
            TakeCall(payload);
        }
    }

    /// <summary>The metrics of an interval have come: what waits goes on with its route, or has waited long enough.</summary>
    public void Settle(bool isLast)
    {
        _round++;
        _waiting.RemoveAll(item => TrySettle(item.End, item.Fields, isLast || item.Round + 2 <= _round));
    }

    private bool TrySettle(ulong end, byte[] bytes, bool isOver)
    {
        var reader = new PayloadReader(bytes);
        var fields = default(SpanFields);
        if (!fields.TryRead(ref reader))
        {
            return true;
        }

        var route = routes.Find(fields.Method, fields.Path, fields.RouteValues);
        if (route is null && !isOver)
        {
            return false;
        }

        Write(fields, end, route);
        return true;
    }

    private void TakeRequest(ulong end, ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        if (reader.Text() is not SpanArguments.ServerSource || reader.Text() is not (SpanArguments.RequestEnd or SpanArguments.RequestFailed))
        {
            return;
        }

        var bytes = payload[^reader.Left..];
        var fields = default(SpanFields);
        if (!fields.TryRead(ref reader))
        {
            Unreadable++;
            return;
        }

        var route = routes.Find(fields.Method, fields.Path, fields.RouteValues);
        if (route is null && _waiting.Count < MostWaiting && bytes.Length <= LongestWaiting)
        {
            _waiting.Add((end, bytes.ToArray(), _round));
            return;
        }

        Write(fields, end, route);
    }

    private void TakeCall(ReadOnlySpan<byte> payload)
    {
        var reader = new PayloadReader(payload);
        var fields = default(SpanFields);
        if (reader.Text() is not SpanArguments.ClientSource || reader.Text().IsEmpty)
        {
            return;
        }

        var isSpan = fields.TryRead(ref reader) && SpanWriter.WriteClient(batch.Client, fields);
        batch.Count += isSpan ? 1 : 0;
        Unreadable += isSpan ? 0UL : 1;
    }

    private void Write(in SpanFields fields, ulong end, string? route)
    {
        var isSpan = SpanWriter.WriteServer(batch.Server, fields, end, route);
        batch.Count += isSpan ? 1 : 0;
        Unreadable += isSpan ? 0UL : 1;
    }
}
