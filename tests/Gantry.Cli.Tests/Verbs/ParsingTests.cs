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
    [InlineData("demo --purchases 0", "--purchases '0'")]
    [InlineData("demo --gateway nowhere", "--gateway 'nowhere'")]
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

    [Fact]
    public async Task A_wrong_variable_is_named_like_an_option()
    {
        var result = await Cli.RunWithAsync(Cli.Environment(("GANTRY_HUB", "nowhere")), ["get", "hosts"]);

        Assert.Equal(ExitCodes.Error, result.ExitCode);
        Assert.Contains("GANTRY_HUB 'nowhere'", result.Error);
    }

    [Fact]
    public async Task Get_without_a_resource_says_what_there_is()
    {
        var result = await Cli.RunAsync("get");

        Assert.Equal(ExitCodes.Error, result.ExitCode);
        Assert.Contains("Help: gantry get --help", result.Error);
    }
}
