using Gantry.Cli.Demo;
using Gantry.Cli.Tests.Get;

namespace Gantry.Cli.Tests.Demo;

public class TallyTests
{
    private static readonly ServicePlan Cart = new("cart", IsNode: true, "node", "/shop/cart.js", 5082, []);

    private static readonly ServicePlan Payments = new("payments", IsNode: false, "dotnet", "/shop/payments.dll", 5083, []);

    [Fact]
    public void Equal_on_rung_3_is_done() => Assert.Equal("", new Tally(Cart, Rows.Dark, Rows.Service, 190, 190).Complaint());

    [Theory]
    [InlineData(189)]
    [InlineData(191)]
    public void One_request_more_or_less_is_named(int counted)
    {
        var tally = new Tally(Cart, Rows.Dark, Rows.Service, 190, (ulong)counted);

        Assert.False(tally.IsDone);
        Assert.Equal($"cart had 190 requests and {counted} were counted", tally.Complaint());
    }

    [Fact]
    public void Equal_without_a_joined_trace_is_not_done() =>
        Assert.Equal("cart stands on rung 2, not on rung 3", new Tally(Cart, Rows.Dark, Rows.Service with { Rung = 2 }, 190, 190).Complaint());

    [Fact]
    public void A_service_that_was_attached_to_must_be_the_process_that_it_was()
    {
        Assert.Equal("", new Tally(Payments, Rows.Dark, Rows.Service, 190, 190, IsUntouched: true).Complaint());
        Assert.Equal("payments is another process than before", new Tally(Payments, Rows.Dark, Rows.Service, 190, 190).Complaint());
    }

    [Fact]
    public void The_result_is_a_table_that_shows_the_climb()
    {
        using var output = new StringWriter { NewLine = "\n" };

        DemoTables.WriteResult(output, [new Tally(Cart, Rows.Dark, Rows.Service, 190, 189), new Tally(Payments, Rows.Dark, Rows.Service, 190, 190, IsUntouched: true)]);

        Assert.Equal(
            """
            SERVICE   LANGUAGE  RUNG BEFORE -> AFTER      SENT (ACCESS LOG)  COUNTED (RED)  EQUAL  PROCESS
            cart      nodejs    0 dark -> 3 transactions                190            189  NO     restarted
            payments  nodejs    0 dark -> 3 transactions                190            190  yes    untouched

            """,
            output.ToString());
    }
}
