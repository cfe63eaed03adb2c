using Gantry.Estate.Ladder;
using Gantry.Estate.Methods;
using Gantry.Protocol.Inventory;

namespace Gantry.Estate.Tests.Methods;

/// <summary>Ten languages on six platforms: what comes out for each, written down a second time, so that a changed line of the matrix is a changed line here.</summary>
public class MatrixTests
{
    private const string NoTraces = "";

    /// <summary>Language, then the recommended methods for baseline and transactions on vm, kubernetes, ecs-ec2, ecs-fargate, ecs-managed-instances, lambda.</summary>
    private static readonly (string Language, string Version, (string Red, string Traces)[] Platforms)[] Expected =
    [
        ("java", "17.0.9", Agent("sdk-metrics", "lambda-otel-layer")),
        ("nodejs", "20.20.2", Agent("sdk-metrics", "lambda-otel-layer")),
        ("python", "3.12.1", Agent("sdk-metrics", "lambda-otel-layer")),
        ("dotnet", "8.0.11", [("dotnet-attach", "injector-pkg"), .. Agent("sdk-metrics", "lambda-adot-layer")[1..]]),
        ("dotnet-native", "", Native),
        ("php", "8.3", Brought("php-distro", ("cloud-metrics", NoTraces))),
        ("ruby", "3.3", Brought("ruby-gem", ("spanmetrics", "lambda-otel-layer"))),
        ("go", "1.25", [.. Native[..3], ("sdk-metrics", "otelc"), Native[4], ("cloud-metrics", "otelc")]),
        ("rust", "", Native),
        ("cpp", "", Native),
    ];

    private static (string, string)[] Native =>
        [("obi-systemd", "obi-systemd"), ("obi-daemonset", "obi-daemonset"), ("obi-ecs-daemon", "obi-ecs-daemon"), ("cloud-metrics", NoTraces), ("obi-mi-daemon", "obi-mi-daemon"), ("cloud-metrics", NoTraces)];

    private static (string, string)[] Agent(string fargate, string layer) =>
        [("obi-systemd", "injector-pkg"), ("obi-daemonset", "operator"), ("obi-ecs-daemon", "taskdef-init"), (fargate, "taskdef-init"), (fargate, "taskdef-init"), ("spanmetrics", layer)];

    private static (string, string)[] Brought(string method, (string, string) lambda) =>
        [("obi-systemd", method), ("obi-daemonset", method), ("obi-ecs-daemon", method), ("spanmetrics", method), ("obi-mi-daemon", method), lambda];

    public static TheoryData<string, string, string, string, string> Cells =>
        [.. Expected.SelectMany(row => MethodPlatforms.All.Zip(row.Platforms, (platform, cell) => (row.Language, row.Version, platform.Id, cell.Red, cell.Traces)))];

    [Fact]
    public void Ten_languages_on_six_platforms_have_one_cell_each()
    {
        Assert.Equal(60, Cells.Count);
        Assert.Equal(
            Cells.Select(row => $"{row.Data.Item1} {row.Data.Item3}").Order(), MethodCatalogue.Cells.Select(cell => $"{cell.Language} {cell.Platform}").Order());
    }

    [Theory, MemberData(nameof(Cells))]
    public void A_cell_gives_its_method_or_its_refusal(string language, string version, string platform, string red, string traces)
    {
        var advice = MethodCatalogue.Advise(Traits(language, version), MethodPlatforms.Find(platform)!);

        Assert.Equal(red, advice.Baseline.Recommended?.Method.Id ?? "");
        Assert.Equal(traces, advice.Transactions.Recommended?.Method.Id ?? NoTraces);
        Assert.NotEmpty(advice.Limits);
        Assert.NotEmpty(advice.Sources);
        Assert.All(advice.Baseline.Applicable, choice => Assert.Contains(Rung.Baseline, choice.Method.Rungs));
        Assert.All(advice.Transactions.Applicable, choice => Assert.Contains(Rung.Transactions, choice.Method.Rungs));
        if (traces == NoTraces)
        {
            var refusal = Assert.Single(advice.Transactions.Refused);
            Assert.Null(refusal.Method);
            Assert.Contains(refusal.Reason, new[] { InstrumentationReasons.NativeCode, InstrumentationReasons.UnsupportedLanguage });
            Assert.Contains("SDK into its code", refusal.Message);
            Assert.Contains(advice.Otherwise, choice => choice.Method.Id == "manual-sdk");
        }
        else
        {
            Assert.Empty(advice.Transactions.Refused);
        }
    }

    [Fact]
    public void Every_word_of_the_matrix_is_known()
    {
        foreach (var cell in MethodCatalogue.Cells)
        {
            Assert.Equal(cell.Language, MethodLanguages.Find(cell.Language)?.Id);
            Assert.Equal(cell.Platform, MethodPlatforms.Find(cell.Platform)?.Id);
            Assert.All(cell.Baseline.Concat(cell.Transactions).Concat(cell.Otherwise), id => Assert.NotNull(MethodCatalogue.Find(id)));
            Assert.All(cell.Sources, id => Assert.Contains(MethodCatalogue.Sources, source => source.Id == id));
            Assert.All(cell.Limits, id => Assert.Contains(id, LimitTable.All.Keys));
            Assert.Contains(cell.Confidence, new[] { "tested", "code", "documented", "concluded" });
            Assert.NotEmpty(cell.Baseline);
            // What nobody tried says so, and what says so names no more than that.
            Assert.True(cell.Confidence != "concluded" || cell.Sources.Contains("conclusion") || cell.Sources.Contains("odigos"), $"{cell.Language} {cell.Platform}");
        }
    }

    [Fact]
    public void Nothing_of_the_catalogue_is_unused()
    {
        var used = MethodCatalogue.Cells.SelectMany(cell => cell.Baseline.Concat(cell.Transactions).Concat(cell.Otherwise)).ToHashSet();

        Assert.All(MethodCatalogue.Methods, method => Assert.Contains(method.Id, used));
        Assert.All(LimitTable.All.Keys, limit => Assert.Contains(MethodCatalogue.Cells, cell => cell.Limits.Contains(limit)));
        Assert.All(MethodCatalogue.Sources, source => Assert.True(
            MethodCatalogue.Cells.Any(cell => cell.Sources.Contains(source.Id)) || MethodCatalogue.Methods.Any(method => method.Sources.Contains(source.Id)), source.Id));
        Assert.All(MethodCatalogue.Methods.SelectMany(method => method.Sources), id => Assert.Contains(MethodCatalogue.Sources, source => source.Id == id));
        Assert.All(MethodCatalogue.Methods.SelectMany(method => method.Requirements), requirement => Assert.NotNull(RequirementRules.Of(requirement.Kind)));
    }

    [Theory]
    [InlineData("java vm | a | b | c | tested | d")]
    [InlineData("java | a | b | c | tested | d | e")]
    [InlineData("java vm | a | b | c | tested code | d | e")]
    public void A_line_of_another_shape_is_refused(string line) => Assert.Throws<FormatException>(() => MatrixReader.Read(line));

    /// <summary>A plain program: nothing about it is in the way.</summary>
    internal static ProcessTraits Traits(string language, string version = "") => new()
    {
        Language = MethodLanguages.Find(language), RuntimeVersion = version, Libc = "glibc", Architecture = "x64", IsStatic = false, IsNativeCode = language == "dotnet-native",
        IsSecureExec = false, IsInContainer = false, HasDiagnosticPort = language == "dotnet", HasUnit = true, OtherAgents = [],
    };
}
