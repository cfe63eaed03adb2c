namespace Gantry.Agent.Network;

/// <summary>
/// The rows, within bounds: at most <paramref name="mostReported"/> are told by name, the most used ones; what the others count is added to one row for
/// all of them, so that no byte is lost, and none is told twice. A row that comes back goes on where it was.
/// </summary>
internal sealed class TrafficTable(int mostReported)
{
    private const int MostRows = 8192;

    private readonly Dictionary<RowKey, TrafficRow> _rows = [];
    private readonly List<TrafficRow> _order = [];
    private long _otherActive;

    public IReadOnlyCollection<TrafficRow> Rows => _rows.Values;

    /// <summary>Everything of rows that are not told by name.</summary>
    public TrafficRow Other { get; } = new(default);

    /// <summary>How many rows are not told by name.</summary>
    public int OtherRows { get; private set; }

    public TrafficRow Get(in RowKey key)
    {
        if (_rows.TryGetValue(key, out var row))
        {
            return row;
        }

        if (_rows.Count >= MostRows)
        {
            return Other;
        }

        row = new TrafficRow(key) { Peer = key.Peer };
        _rows.Add(key, row);
        return row;
    }

    /// <summary>
    /// The same connections under a better name. What was told already stays told under the old one: told again it would be counted twice by whoever adds rows up.
    /// </summary>
    public void Merge(TrafficRow from, in RowKey key)
    {
        var news = Difference(from.Counters, from.Told) with { Active = from.Counters.Active };
        if (news.IsZero && !from.Out.IsZero)
        {
            return;
        }

        var to = Get(key);
        to.Counters.Add(news);
        to.RttSeconds += from.RttSeconds;
        to.RttCount += from.RttCount;
        to.LocalAddress = from.LocalAddress;
        (from.RttSeconds, from.RttCount) = (0, 0);
        if (from.Out.IsZero)
        {
            from.MergedInto = to;
            _rows.Remove(from.Key);
            return;
        }

        // The row has been told: it stays as it was, for its counters may not begin anew when somebody unknown comes again.
        from.Counters = from.Told with { Active = 0 };
    }

    /// <summary>Decides which rows are told, and brings what they tell up to date.</summary>
    public void Settle()
    {
        _order.Clear();
        foreach (var row in _rows.Values)
        {
            var news = row.Counters.Sent + row.Counters.Received - row.Told.Sent - row.Told.Received
                + (1000 * (row.Counters.Opened + row.Counters.Failed - row.Told.Opened - row.Told.Failed));
            // An open connection counts for something even while it rests.
            row.Use = (row.Use / 2) + news + row.Counters.Active;
            _order.Add(row);
        }

        if (_order.Count > mostReported)
        {
            // A row that is told must be beaten clearly before it gives way, or two of them would take turns.
            _order.Sort(static (a, b) => Rank(b).CompareTo(Rank(a)));
        }

        _otherActive = 0;
        OtherRows = Math.Max(_order.Count - mostReported, 0);
        for (var i = 0; i < _order.Count; i++)
        {
            _order[i].IsReported = i < mostReported;
            Tell(_order[i]);
        }

        if (_rows.Count >= MostRows)
        {
            Drop();
        }

        // What came without a row of its own.
        Other.Out.Add(Difference(Other.Counters, Other.Told));
        Other.Told = Other.Counters;
        Other.Out.Active = Other.Counters.Active + _otherActive;
    }

    private static double Rank(TrafficRow row) => row.IsReported ? (row.Use * 2) + 1 : row.Use;

    private void Tell(TrafficRow row)
    {
        var news = Difference(row.Counters, row.Told);
        row.Told = row.Counters;
        (row.IsReported ? ref row.Out : ref Other.Out).Add(news);
        // What is open now is no sum of what was.
        row.Out.Active = row.Counters.Active;
        _otherActive += row.IsReported ? 0 : row.Counters.Active;
        row.Rtt = row.RttCount > 0 ? row.RttSeconds / row.RttCount : row.Rtt;
        row.RttSeconds = row.RttCount = 0;
    }

    /// <summary>Drops the rows without a connection in which a party stands that is not among these: what they counted has been told.</summary>
    public void KeepParties(HashSet<int> living)
    {
        foreach (var row in _rows.Values)
        {
            if (row.Counters.Active == 0 && Difference(row.Counters, row.Told).IsZero && !(IsIn(row.Key.Local) && IsIn(row.Key.Peer) && IsIn(row.Peer)))
            {
                row.MergedInto = Other;
                _rows.Remove(row.Key);
            }
        }

        bool IsIn(int party) => party == 0 || living.Contains(party);
    }

    /// <summary>Adds the numbers of all parties that stand in a row.</summary>
    public void AddParties(HashSet<int> numbers)
    {
        foreach (var row in _rows.Values)
        {
            numbers.Add(row.Key.Local);
            numbers.Add(row.Key.Peer);
            numbers.Add(row.Peer);
        }
    }

    /// <summary>The least used quarter, of those that have no connection: what they counted has been told.</summary>
    private void Drop()
    {
        for (var i = _order.Count - 1; i >= mostReported && _rows.Count > MostRows * 3 / 4; i--)
        {
            if (_order[i].Counters.Active == 0)
            {
                _order[i].MergedInto = Other;
                _rows.Remove(_order[i].Key);
            }
        }
    }

    private static Counters Difference(in Counters a, in Counters b) => new()
    {
        Sent = a.Sent - b.Sent,
        Received = a.Received - b.Received,
        Opened = a.Opened - b.Opened,
        Closed = a.Closed - b.Closed,
        Failed = a.Failed - b.Failed,
        Retransmits = a.Retransmits - b.Retransmits,
        Active = a.Active - b.Active,
    };
}
