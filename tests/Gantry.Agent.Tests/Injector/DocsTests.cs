using Gantry.Agent.Boot.Verbs;

namespace Gantry.Agent.Tests.Injector;

/// <summary>docs/injector.md and docs/obi.md show what is rendered, and what the verbs take.</summary>
public sealed class DocsTests
{
    [Theory]
    [InlineData("docs/injector.md", "by-path.txt", "99-gantry.conf 644")]
    [InlineData("docs/injector.md", "by-unit.txt", "shop.service.d/50-gantry-otel.conf 644")]
    [InlineData("docs/obi.md", "obi-v1.yaml", "")]
    public void What_the_docs_show_is_what_is_rendered(string page, string golden, string file)
    {
        var text = Repository.Read("tests/Gantry.Agent.Tests/Injector/Golden/" + golden);
        var part = file.Length == 0 ? text : text.Split("==> ").Single(part => part.Split('\n')[0].EndsWith(file, StringComparison.Ordinal)).Split('\n', 2)[1];

        Assert.Contains("\n" + part.TrimEnd() + "\n```", Repository.Read(page));
    }

    [Theory]
    [InlineData("docs/injector.md", "rollback")]
    [InlineData("docs/obi.md", "obi")]
    public void What_the_docs_tell_to_type_is_what_the_verb_explains(string page, string name)
    {
        var verb = AgentVerbs.All.Single(verb => verb.Name == name);
        var options = Repository.Read(page).Split('\n').Where(line => line.StartsWith($"$ gantry-agent {name}", StringComparison.Ordinal)).SelectMany(line => line.Split('#')[0].Split(' ').Skip(3)).Where(word => word.Length > 0).ToList();

        Assert.NotEmpty(options);
        Assert.All(options, option => Assert.Contains(option, verb.Help));
    }
}
