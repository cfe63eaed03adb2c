using System.Reflection;

namespace Gantry.Cli.Tests;

public class ExitCodesTests
{
    [Fact]
    public void Codes_never_change_their_meaning() => Assert.Equal(
        new Dictionary<string, int>
        {
            ["Ok"] = 0,
            ["Error"] = 1,
            ["Differences"] = 2,
            ["Refused"] = 3,
            ["Authentication"] = 4,
            ["Conflict"] = 5,
            ["RolloutFailed"] = 6,
            ["Timeout"] = 7,
            ["HubUnreachable"] = 8,
            ["Interrupted"] = 130,
        },
        typeof(ExitCodes).GetFields(BindingFlags.Public | BindingFlags.Static).ToDictionary(field => field.Name, field => (int)field.GetValue(null)!));

    [Fact]
    public void The_docs_have_a_row_for_each()
    {
        var docs = Repository.Read("docs/cli.md");

        Assert.All(new[] { 0, 1, 2, 3, 4, 5, 6, 7, 8, 130 }, code => Assert.Contains($"| {code} |", docs));
    }
}
