using System.CommandLine;
using Gantry.Cli.Verbs;
using Gantry.Gateway.Metrics;

namespace Gantry.Cli.Serve;

/// <summary>The options about the metrics that a gateway sends: <c>up</c> and <c>gateway</c> have them.</summary>
internal sealed class MetricsFlags
{
    private readonly Option<int> _interval = NumberOption.Create(
        "--metrics-interval", "Seconds between two exports of span metrics and edges to the --forward endpoint; 0 sends none", "SECONDS", 15, 0, 3600);

    private readonly Option<MetricsTemporality> _temporality = Words<MetricsTemporality>(
        "--metrics-temporality", "What a point of them says: all since its series began, or what is new since the last one");

    private readonly Option<MetricsHistogram> _histogram = Words<MetricsHistogram>(
        "--metrics-histogram", "Buckets of their durations: the bounds of the semantic conventions, or exponential ones");

    public IEnumerable<Option> All => [_interval, _temporality, _histogram];

    public MetricsOptions Read(ParseResult parsed)
    {
        var seconds = parsed.GetValue(_interval);
        var options = new MetricsOptions { Temporality = parsed.GetValue(_temporality), Histogram = parsed.GetValue(_histogram) };
        return seconds == 0 ? options with { Enabled = false } : options with { Interval = TimeSpan.FromSeconds(seconds) };
    }

    /// <summary>The first word is the default.</summary>
    private static Option<T> Words<T>(string name, string description)
        where T : struct, Enum
    {
        var words = Enum.GetNames<T>().Select(word => word.ToLowerInvariant()).ToArray();
        var option = new Option<T>(name) { Description = description, HelpName = string.Join('|', words), DefaultValueFactory = _ => default };
        option.AcceptOnlyFromAmong(words);
        return option;
    }
}
