using System.CommandLine.Parsing;

namespace Gantry.Cli.Tests.Verbs;

public class ParsingTests
{
    [Theory]
    [InlineData("fly", "fly")]
    [InlineData("up --hub-port 70000", "--hub-port '70000'")]
    [InlineData("up --grpc-port many", "--grpc-port 'many'")]
    [InlineData("up --forward localhost", "--forward 'localhost'")]
    [InlineData("up --log-level loud", "loud")]
    [InlineData("up --hub-prot 1", "--hub-prot")]
    [InlineData("get hosts -o yaml", "yaml")]
    [InlineData("get hosts --hub ftp://x", "--hub 'ftp://x'")]
    [InlineData("get summary -o wide", "wide")]
    [InlineData("gateway --listen here", "--listen 'here'")]
    [InlineData("gateway --max-in-flight 64MB", "--max-in-flight '64MB': expected 1MiB to 64GiB")]
    [InlineData("demo --purchases 0", "--purchases '0'")]
    [InlineData("demo --gateway nowhere", "--gateway 'nowhere'")]
    [InlineData("demo --keep-gaps", "--keep-gaps belongs to --gaps")]
    [InlineData("demo --json", "--json belongs to --gaps")]
    [InlineData("demo --gaps --purchases 5", "--purchases is for the demo without --gaps")]
    [InlineData("demo --gaps --amqp http://127.0.0.1", "--amqp: expected an address such as amqp://127.0.0.1:5672")]
    [InlineData("demo --gaps --amqp amqp://shop:word@127.0.0.1", "ORDERS_URL")]
    public async Task Wrong_arguments_are_named_on_stderr(string line, string named)
    {
        var result = await Cli.RunAsync(line.Split(' '));

        Assert.Equal(ExitCodes.Error, result.ExitCode);
        Assert.Empty(result.Out);
        Assert.StartsWith("gantry: ", result.Error);
        Assert.Contains(named, result.Error);
        Assert.Contains($"Help: gantry", result.Error);
        Assert.DoesNotContain("   at ", result.Error);
    }

    [Theory]
    [InlineData("gateway --listen 0.0.0.0", "others than this machine could send; set --tls-cert and --tls-key, or --token-file")]
    [InlineData("gateway --token-file /nowhere/tokens", "--token-file /nowhere/tokens")]
    [InlineData("gateway --tls-cert cert.pem", "--tls-key is missing")]
    [InlineData("gateway --cors-origin *", "--cors-origin *: expected a scheme and a host")]
    public async Task What_would_be_unsafe_is_refused_before_it_starts(string line, string named)
    {
        var result = await Cli.RunAsync(line.Split(' '));

        Assert.Equal(ExitCodes.Error, result.ExitCode);
        Assert.Contains(named, result.Error);
    }

    /// <summary>As the pages' commands have them.</summary>
    [Theory]
    [InlineData("get services -o wide -- -x")]
    [InlineData("get hosts -o json -- -x")]
    [InlineData("get processes -o json -- -x")]
    [InlineData("get edges -- -x")]
    [InlineData("get journeys -o yaml -- -x")]
    [InlineData("score -- -x")]
    [InlineData("method -- -x")]
    [InlineData("instrument --service cart --apply -- -x")]
    [InlineData("journey describe -- -x")]
    [InlineData("journey next -- -x")]
    public void Behind_two_dashes_a_name_may_begin_with_one(string line)
    {
        var parsed = GantryProgram.Create(CliContext.OfProcess()).Parse(line.Split(' '));

        Assert.Empty(parsed.Errors);
        Assert.Equal("-x", Assert.Single(parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens)).Value);
    }

    [Theory]
    [InlineData("next --owner=-x --most 50", "--owner")]
    [InlineData("access audit --about=--what --limit 5", "--about")]
    public void Behind_an_equals_sign_a_value_may_begin_with_a_dash(string line, string option)
    {
        var parsed = GantryProgram.Create(CliContext.OfProcess()).Parse(line.Split(' '));

        Assert.Empty(parsed.Errors);
        Assert.Equal(line.Split('=', ' ')[line.StartsWith("next", StringComparison.Ordinal) ? 2 : 3], parsed.GetValue<string>(option));
    }

    [Fact]
    public async Task A_wrong_variable_is_named_like_an_option()
    {
        var result = await Cli.RunWithAsync(Cli.Environment(("GANTRY_HUB", "nowhere")), ["get", "hosts"]);

        Assert.Equal(ExitCodes.Error, result.ExitCode);
        Assert.Contains("GANTRY_HUB 'nowhere'", result.Error);
    }

    [Fact]
    public async Task A_password_is_not_repeated()
    {
        var argument = await Cli.RunAsync("demo", "--gaps", "--amqp", "amqp://shop:hush@127.0.0.1");
        var variable = await Cli.RunWithAsync(Cli.Environment(("ORDERS_URL", "http://shop:hush@127.0.0.1")), ["demo", "--gaps"]);

        Assert.Contains("--amqp: everybody on this machine can read a password", argument.Error);
        Assert.Contains("ORDERS_URL: expected an address", variable.Error);
        Assert.DoesNotContain("hush", argument.Error + variable.Error);
    }

    [Fact]
    public async Task Get_without_a_resource_says_what_there_is()
    {
        var result = await Cli.RunAsync("get");

        Assert.Equal(ExitCodes.Error, result.ExitCode);
        Assert.Contains("Help: gantry get --help", result.Error);
    }
}
