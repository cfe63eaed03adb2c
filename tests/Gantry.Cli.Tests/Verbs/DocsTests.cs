using System.Text.RegularExpressions;
using Gantry.Cli.Terminals;

namespace Gantry.Cli.Tests.Verbs;

/// <summary>What the docs tell people to type must be understood, and the pages that they link to must be there.</summary>
public partial class DocsTests
{
    public static TheoryData<string> Pages => [.. Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories)
        .Append(Path.Combine(Repository.Root, "README.md"))
        .Select(file => Path.GetRelativePath(Repository.Root, file))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_command_in_a_block_is_one_that_gantry_understands(string page)
    {
        using var output = new StringWriter();
        var terminal = new Terminal(output, output, Paint.None, Paint.None);
        var root = GantryProgram.Create(new CliContext(terminal, _ => null, TimeProvider.System));
        foreach (var line in Blocks(Repository.Read(page)).Select(line => Command().Match(line)).Where(match => match.Success).Select(match => match.Groups["args"].Value))
        {
            // What stands behind a comment sign or two spaces is said to the reader.
            var args = line.Split('#')[0].Split('|')[0].Split("  ")[0].Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(arg => arg.Trim('\'')).ToArray();
            // Places for the reader's own words stand in capitals.
            Assert.True(args.Any(arg => Placeholder().IsMatch(arg)) || root.Parse(args).Errors.Count == 0, $"{page}: gantry {line}: {string.Join(' ', root.Parse(args).Errors)}");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_to_a_file_has_its_file(string page)
    {
        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        foreach (var target in Link().Matches(Repository.Read(page)).Select(match => match.Groups["target"].Value).Where(target => !target.Contains("://", StringComparison.Ordinal)))
        {
            var path = Path.Combine(folder, target.Split('#')[0]);
            Assert.True(File.Exists(path) || Directory.Exists(path), $"{page} links to {target}, which is not there");
        }
    }

    /// <summary>Lines inside ``` fences.</summary>
    private static IEnumerable<string> Blocks(string text) =>
        text.Split("```").Where((_, index) => index % 2 == 1).SelectMany(block => block.Split('\n')).Select(line => line.Trim());

    [GeneratedRegex(@"^(\$ )?(\./)?gantry (?<args>[a-z-].*)$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Command();

    [GeneratedRegex("^[A-Z]{2,}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Link();
}
