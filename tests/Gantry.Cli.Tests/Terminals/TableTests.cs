using Gantry.Cli.Terminals;

namespace Gantry.Cli.Tests.Terminals;

public class TableTests
{
    [Fact]
    public void Columns_are_aligned_two_blanks_apart_and_numbers_stand_right()
    {
        var text = Render(("storefront", "200"), ("cart", "9"));

        Assert.Equal("NAME        COUNT\nstorefront    200\ncart            9\n", text);
    }

    [Fact]
    public void An_empty_cell_is_a_dash_so_that_awk_counts_the_same_fields() =>
        Assert.Equal("NAME  COUNT\n-         1\n", Render(("", "1")));

    [Fact]
    public void A_name_cannot_steer_the_terminal() =>
        Assert.Equal("NAME       COUNT\n�[31mred�      1\n", Render(("\e[31mred\n", "1")));

    [Fact]
    public void A_long_name_is_cut_and_shows_it()
    {
        var cell = Table.Clean(new string('x', 500));

        Assert.Equal(60, cell.Length);
        Assert.EndsWith("x…", cell);
    }

    private static string Render(params (string Name, string Count)[] rows)
    {
        using var output = new StringWriter { NewLine = "\n" };
        Table.Write(
            output,
            [new Column<(string Name, string Count)>("NAME", row => row.Name), new Column<(string Name, string Count)>("COUNT", row => row.Count, Right: true)],
            rows);
        return output.ToString();
    }
}
