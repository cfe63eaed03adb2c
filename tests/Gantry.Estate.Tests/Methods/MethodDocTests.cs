using Gantry.Estate.Methods;

namespace Gantry.Estate.Tests.Methods;

/// <summary>docs/methods.md says what the catalogue says.</summary>
public class MethodDocTests
{
    private static readonly string Page = Repository.Read("docs/methods.md");

    [Fact]
    public void Every_method_has_its_line()
    {
        foreach (var method in MethodCatalogue.Methods)
        {
            var acts = method.Effect switch { MethodEffect.Running => "what runs", MethodEffect.NextStart => "the next start", _ => "the next build" };
            var image = method.Image switch { ImageChange.Never => "stays", ImageChange.Always => "changes", _ => "changes, where there is one" };
            Assert.Contains($"| `{method.Id}` | {acts} | {image} | {method.Does} |\n", Page);
        }
    }

    [Fact]
    public void Every_cell_of_the_matrix_stands_in_its_place()
    {
        Assert.Contains($"| | {string.Join(" | ", MethodPlatforms.All.Select(platform => platform.Id))} |\n", Page);
        foreach (var language in MethodLanguages.All)
        {
            var cells = MethodPlatforms.All.Select(platform => MethodCatalogue.Cells.Single(cell => cell.Language == language.Id && cell.Platform == platform.Id))
                .Select(cell => $"{cell.Baseline[0]}<br>{(cell.Transactions is [var first, ..] ? first : "**none**")}");
            Assert.Contains($"| {language.Id} | {string.Join(" | ", cells)} |\n", Page);
        }
    }
}
