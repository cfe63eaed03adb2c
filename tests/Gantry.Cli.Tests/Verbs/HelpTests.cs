using System.CommandLine;
using Gantry.Cli.Verbs;

namespace Gantry.Cli.Tests.Verbs;

public class HelpTests
{
    public static TheoryData<string> Verbs => ["up", "hub", "gateway", "get", "get hosts", "get services", "get processes", "get edges", "get findings", "get scores", "score", "get agents", "get changes", "get regressions", "get summary", "get samplingpolicies", "get pipelines", "get destinations", "get agentgroups", "get packages", "get instrumentations", "get declaredservices", "get qualityrules", "get journeys", "get campaigns", "openslo", "openslo export", "openslo import", "describe", "explain", "coverage", "journey", "journey get", "journey describe", "journey next", "next", "method", "render", "render ecs", "render k8s", "render lambda", "render dockerfile", "apply", "validate", "preview", "instrument", "diff", "import", "import backstage", "export", "delete", "sampling", "sampling get", "sampling explain", "conformance", "conformance opamp", "access", "access bootstrap", "access tokens", "access tokens create", "access tokens list", "access tokens revoke", "access enrol", "access enrol create", "access enrol list", "access enrol revoke", "access agents", "access agents rotate", "access agents revoke", "access agents requests", "access agents approve", "access agents refuse", "access audit", "demo"];

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Help_teaches_by_examples_that_start_with_the_verb(string verb)
    {
        var help = await Cli.RunAsync([.. verb.Split(' '), "--help"]);

        Assert.Equal(ExitCodes.Ok, help.ExitCode);
        Assert.Empty(help.Error);
        Assert.Contains("Description:", help.Out);
        Assert.Contains("Examples:", help.Out);
        Assert.Contains($"  gantry {verb}", help.Out[help.Out.IndexOf("Examples:", StringComparison.Ordinal)..]);
    }

    [Fact]
    public void Every_verb_is_tested_here() =>
        Assert.Equal(Verbs.Select(row => row.Data).Order(), All(Root()).Select(verb => Path(verb)).Order());

    [Fact]
    public void Every_example_parses()
    {
        var lines = All(Root()).SelectMany(verb => verb.Examples).Select(example => example.Line);

        Assert.All(lines, line => Assert.Empty(Root().Parse([.. line.Split(' ')[1..].Select(arg => arg.Trim('\''))]).Errors));
    }

    [Fact]
    public void Every_option_and_verb_stands_in_the_docs()
    {
        var docs = Repository.Read("docs/cli.md");

        Assert.All(All(Root()), verb => Assert.Contains($"gantry {Path(verb)}", docs));
        Assert.All(All(Root()).SelectMany(verb => verb.Options), option => Assert.Contains($"`{option.Name}", docs));
    }

    [Fact]
    public async Task Without_arguments_the_verbs_and_the_first_step_are_shown()
    {
        var help = await Cli.RunAsync();

        Assert.Equal(ExitCodes.Ok, help.ExitCode);
        Assert.Contains("Start with:", help.Out);
        Assert.Contains("gantry up", help.Out);
    }

    [Fact]
    public async Task Version_is_the_products()
    {
        var version = await Cli.RunAsync("--version");

        Assert.Equal(ExitCodes.Ok, version.ExitCode);
        Assert.Matches(@"^\d+\.\d+\.\d+", version.Out);
    }

    private static RootCommand Root() => GantryProgram.Create(CliContext.OfProcess());

    private static IEnumerable<Verb> All(Command command) =>
        command.Subcommands.SelectMany(All).Concat(command is Verb verb ? [verb] : []);

    private static string Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is Verb parent ? $"{Path(parent)} {command.Name}" : command.Name;
}
