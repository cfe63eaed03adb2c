using Gantry.Cli.Explain;

namespace Gantry.Cli.Tests.Explain;

public class SettingPathTests
{
    [Theory]
    [InlineData("processors.batch/edge.timeout", "processors.batch", true)]
    [InlineData("processors.batch/edge.timeout", "processors.batch.timeout", true)]
    [InlineData("processors.batch/edge.timeout", "processors.batch/edge", true)]
    [InlineData("processors.batch/edge.timeout", "processors.bat", false)]
    [InlineData("processors.batch/edge.timeout", "processors.batch.time", false)]
    [InlineData("receivers.filelog/web.operators[10].type", "receivers.filelog.operators[1]", false)]
    [InlineData("receivers.filelog/web.operators[1].type", "receivers.filelog.operators[1]", true)]
    [InlineData("receivers.filelog/web.operators[1].type", "receivers.filelog.operators", true)]
    [InlineData("service.pipelines.traces/edge/in.processors[0]", "service.pipelines.traces.processors[0]", true)]
    [InlineData("edge.default/prometheus.scrape.apps.targets", "prometheus.scrape.apps", true)]
    [InlineData("edge.default/prometheus.scrape.apps.targets", "prometheus.scrape.apps.targets", true)]
    [InlineData("edge.default/prometheus.scrape.apps.targets", "edge.default", true)]
    [InlineData("edge.default/prometheus.scrape.apps.targets", "edge.default/prometheus.scrape.apps", true)]
    [InlineData("edge.default/prometheus.scrape.apps.targets", "scrape.apps", false)]
    public void A_path_is_found_with_and_without_the_names_of_pipelines(string path, string asked, bool found) => Assert.Equal(found, SettingPath.IsAt(path, asked));

    [Theory]
    [InlineData("processors.bacth", "; did you mean processors.batch?")]
    [InlineData("processors.nothing.like.this", "; processors has batch, memory_limiter")]
    [InlineData("nothing", "; without --path all are listed")]
    public void What_is_not_there_is_answered_with_what_is(string asked, string hint) =>
        Assert.Equal(hint, SettingPath.Hint(["processors.batch/edge", "processors.batch/edge.timeout", "processors.memory_limiter/edge"], asked));
}
