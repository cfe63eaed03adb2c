using Gantry.Estate.Alloy;

namespace Gantry.Hub.Tests.Alloy;

public class AlloySyntaxTests
{
    private const string Sample = """
        // Metrics of the host.
        prometheus.exporter.unix "host" { }

        prometheus.scrape "host" {
        	targets         = array.concat(prometheus.exporter.unix.host.targets, [{"__address__" = "localhost:9090", team = "a"},])
        	forward_to      = [prometheus.remote_write.default.receiver]
        	scrape_interval = "15s" /* a quarter
        	of a minute */
        	clustering { enabled = !false && (1 + 2 * 3 ^ 2 ^ 0 == 7 || -1.5e3 < .5) }
        }

        prometheus.remote_write "default" {
        	endpoint {
        		url = string.format("%s/%s", sys.env("URL"), `raw \ text
        of two lines`)
        		headers = {
        			"X-Team" = "a\t\"b\" \u00e4",
        		}
        	}
        }

        """;

    [Fact]
    public void A_text_is_read_and_what_is_printed_means_the_same()
    {
        var body = Parse(Sample);

        Assert.Equal(["prometheus.exporter.unix", "prometheus.scrape", "prometheus.remote_write"], body.Blocks.Select(block => block.Name));
        Assert.Equal(new AlloyPlace(4, 1), body.Statements[1].Place);
        Assert.Equal("raw \\ text\nof two lines", body.AllAttributes.SelectMany(attribute => attribute.Value.All).OfType<AlloyString>().Single(text => text.Value.StartsWith("raw", StringComparison.Ordinal)).Value);
        var printed = AlloyPrinter.Print(body);
        Assert.Equal(printed, AlloyPrinter.Print(Parse(printed)));
        Assert.Contains("1 + 2 * 3 ^ 2 ^ 0 == 7 || -1.5e3 < .5", printed, StringComparison.Ordinal);
    }

    [Fact]
    public void Precedence_is_that_of_the_grammar()
    {
        var sum = Assert.IsType<AlloyBinary>(Value("1 + 2 * 3"));
        var power = Assert.IsType<AlloyBinary>(Value("2 ^ 3 ^ 4"));
        var either = Assert.IsType<AlloyBinary>(Value("a && b || c == d"));

        Assert.Equal(("+", "*"), (sum.Operator, Assert.IsType<AlloyBinary>(sum.Right).Operator));
        Assert.Equal("^", Assert.IsType<AlloyBinary>(power.Right).Operator);
        Assert.Equal(("||", "&&"), (either.Operator, Assert.IsType<AlloyBinary>(either.Left).Operator));
    }

    [Theory]
    [InlineData("a \"b\" {\n\tc = \n}", 3, 1, "expected a value, this is '}'")]
    [InlineData("a \"b\" {\n\tc = 1 +\n\n}", 4, 1, "expected a value, this is '}'")]
    [InlineData("a \"b\" {\n\tc = 1", 1, 1, "the block a is not closed")]
    [InlineData("a \"b\" { c = 1 d = 2 }", 1, 15, "expected the end of the line")]
    [InlineData("a \"b\" {\n\tc = [1\n\t]\n}", 2, 8, "',' at the end of the line")]
    [InlineData("a \"b\" {\n\tc = \"x\n}", 2, 6, "not closed on its line")]
    [InlineData("a \"b\" { c = 'x' }", 1, 13, "text stands in double quotes")]
    [InlineData("# no\na \"b\" {}", 1, 1, "begins with //")]
    [InlineData("a.b \"c\"\n{}", 1, 8, "expected '{' behind a.b")]
    [InlineData("a {\n/* never", 2, 1, "the comment is not closed")]
    [InlineData("a { b = \"\\q\" }", 1, 10, "is no escape")]
    [InlineData("a { b = `x }", 1, 9, "the raw text is not closed")]
    [InlineData("a { b = 1.2.3 }", 1, 9, "is no number")]
    [InlineData("a { b = {c: 1} }", 1, 11, "':' has no meaning here")]
    [InlineData("a { b = {c 1} }", 1, 12, "expected '=' behind c")]
    [InlineData("}", 1, 1, "expected the name of a block or an attribute")]
    public void What_is_wrong_has_its_line_and_column(string text, int line, int column, string words)
    {
        Assert.Null(AlloyParser.Parse(text, out var error));
        Assert.Equal(new AlloyPlace(line, column), error!.Place);
        Assert.Contains(words, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_cut_is_read_or_refused_and_never_throws()
    {
        for (var length = 0; length < Sample.Length; length++)
        {
            var body = AlloyParser.Parse(Sample[..length], out var error);
            Assert.NotEqual(body is null, error is null);
        }
    }

    [Theory]
    [InlineData("(", "")]
    [InlineData("[", "")]
    [InlineData("!", "")]
    [InlineData("1^", "1")]
    [InlineData("1+", "1")]
    [InlineData("a.", "b")]
    [InlineData("{a=", "")]
    public void Depth_has_a_bound(string piece, string end)
    {
        Assert.Null(AlloyParser.Parse("a { b = " + string.Concat(Enumerable.Repeat(piece, 100_000)) + end + " }", out var error));
        Assert.Contains("more than", error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("my-pipeline", "my_pipeline")]
    [InlineData("9.lives", "_9_lives")]
    public void Names_become_identifiers(string name, string identifier) => Assert.Equal(identifier, AlloyPrinter.Identifier(name));

    private static AlloyExpression Value(string expression) => Assert.IsType<AlloyAttribute>(Parse($"x = {expression}").Statements[0]).Value;

    private static AlloyBody Parse(string text)
    {
        var body = AlloyParser.Parse(text, out var error);
        Assert.True(body is not null, error?.ToString());
        return body!;
    }
}
