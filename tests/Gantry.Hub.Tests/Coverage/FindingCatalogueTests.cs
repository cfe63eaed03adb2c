using System.Reflection;
using Gantry.Estate.Findings;
using Gantry.Protocol.Observations;

namespace Gantry.Hub.Tests.Coverage;

/// <summary>The catalogue knows every code, and docs/findings.md says what the catalogue says.</summary>
public class FindingCatalogueTests
{
    public static TheoryData<string> Codes => [.. typeof(FindingCodes).GetFields(BindingFlags.Public | BindingFlags.Static).Select(constant => (string)constant.GetRawConstantValue()!)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_code_is_in_the_catalogue_and_in_the_docs_in_the_same_words(string code)
    {
        var kind = Assert.Single(FindingCatalogue.All, kind => kind.Code == code);
        var docs = Repository.Read("docs/findings.md");

        var section = docs.Split("\n## ").Single(part => part.StartsWith($"`{code}`", StringComparison.Ordinal));
        var text = section.ReplaceLineEndings(" ");
        var shown = kind.For("NAME");
        Assert.All(
            new[] { shown.Title, shown.Why, shown.Fix, shown.Setting, kind.Severity.ToString().ToLowerInvariant() },
            part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_catalogue_has_no_code_that_does_not_exist() => Assert.Equal(Codes.Select(row => row.Data).Order(), FindingCatalogue.All.Select(kind => kind.Code).Order());

    [Fact]
    public void A_code_of_a_newer_gateway_stands_for_itself()
    {
        var kind = FindingCatalogue.Of("spans_too_long", "x");

        Assert.Equal(("spans_too_long", "spans_too_long", FindingSeverity.Low), (kind.Code, kind.Title, kind.Severity));
        Assert.Empty(kind.Setting);
    }
}
