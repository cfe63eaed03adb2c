using Gantry.Conformance;

namespace Gantry.Hub.Tests.Fleet;

/// <summary>Every line of the checklist, over both transports, against a hub of its own. What does not apply must be on the list below, with its reason: a line
/// that silently stops applying is a test that stopped testing.</summary>
public sealed class ConformanceTests(ConformanceHub hub) : IClassFixture<ConformanceHub>
{
    /// <summary>Not built, or not to be seen from outside.</summary>
    private static readonly HashSet<string> NotBuilt =
        ["C13", "T1"];

    public static TheoryData<string, Transport> Lines
    {
        get
        {
            var lines = new TheoryData<string, Transport>();
            foreach (var check in OpAmpSuite.All)
            {
                lines.Add(check.Id, Transport.WebSocket);
                lines.Add(check.Id, Transport.Http);
            }

            return lines;
        }
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public async Task Line(string id, Transport transport)
    {
        var check = OpAmpSuite.All.Single(check => check.Id == id);

        var result = await OpAmpSuite.RunAsync(check, hub.OpAmp, transport, token: null, hub);

        Assert.True(result.Verdict != Verdict.Fail, $"{id} {check.Title}: {result.Detail}");
        if (NotBuilt.Contains(id))
        {
            Assert.Equal(Verdict.NotApplicable, result.Verdict);
        }
        else if (result.Verdict == Verdict.NotApplicable)
        {
            Assert.EndsWith("only", result.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_checklist_is_whole_and_its_ids_are_unique()
    {
        var expected = new[] { ('T', 22), ('R', 18), ('D', 7), ('C', 13), ('S', 18), ('H', 13), ('P', 7), ('K', 3), ('A', 4), ('X', 2) }
            .SelectMany(group => Enumerable.Range(1, group.Item2).Select(number => $"{group.Item1}{number}"));

        Assert.Equal(expected, OpAmpSuite.All.Select(check => check.Id));
        Assert.All(OpAmpSuite.All.Where(check => check.Level != Level.Interop), check => Assert.NotEmpty(check.Section));
    }
}
