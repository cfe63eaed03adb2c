using System.Net;
using Gantry.Agent.Network;

namespace Gantry.Agent.Tests.Network;

/// <summary>What is told of rows that get another name.</summary>
public class TrafficTableTests
{
    private static readonly RowKey Unknown = new(1, 0, Role.Client, Address.Read(IPAddress.Parse("10.0.0.9").GetAddressBytes(), isV4: true), 80, 0);
    private static readonly RowKey Named = Unknown with { Local = 7 };

    [Fact]
    public void What_was_told_under_one_name_is_not_told_again_under_a_better_one()
    {
        var table = new TrafficTable(10);
        var (from, to) = (table.Get(Unknown), table.Get(Named));
        (from.Counters.Sent, to.Counters.Sent) = (100, 1000);
        table.Settle();
        from.Counters.Sent += 5;

        table.Merge(from, Named);
        table.Settle();

        Assert.Equal((100, 1005), (from.Out.Sent, to.Out.Sent));
        // Somebody unknown comes again: the row goes on where it was.
        Assert.Same(from, table.Get(Unknown));
        table.Merge(from, Named);
        table.Settle();
        Assert.Equal((100, 1005), (from.Out.Sent, to.Out.Sent));
    }

    [Fact]
    public void What_was_not_told_yet_moves_as_a_whole()
    {
        var table = new TrafficTable(10);
        var from = table.Get(Unknown);
        (from.Counters.Sent, from.Counters.Opened) = (100, 2);

        table.Merge(from, Named);
        table.Settle();

        Assert.Equal((100, 2), (table.Get(Named).Out.Sent, table.Get(Named).Out.Opened));
        Assert.Same(table.Get(Named), from.Live);
        Assert.Single(table.Rows);
    }

    [Fact]
    public void In_a_full_table_the_others_do_not_get_it_twice()
    {
        var table = new TrafficTable(10);
        var from = table.Get(Unknown);
        from.Counters.Sent = 100;
        table.Settle();
        for (var i = 0; table.Get(Named with { Space = 2, Local = i }) != table.Other; i++)
        {
        }

        from.Counters.Sent += 5;
        table.Merge(from, Named);
        table.Settle();

        Assert.Equal((100, 5), (from.Out.Sent, table.Other.Out.Sent));
    }
}
