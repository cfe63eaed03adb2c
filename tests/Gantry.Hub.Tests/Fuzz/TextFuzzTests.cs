using System.Diagnostics;
using System.Globalization;
using System.Text;
using Gantry.Estate.Alloy;
using Gantry.Estate.Resources;
using Gantry.Hub.Estate;

namespace Gantry.Hub.Tests.Fuzz;

/// <summary>
/// Whatever text somebody applies: it is read, or refused with a place that is in it; never an exception. GANTRY_FUZZ_SECONDS=600 goes on for that long a target, with inputs that no
/// shorter run has seen.
/// </summary>
public sealed class TextFuzzTests(ITestOutputHelper output)
{
    private static readonly string Golden = Path.Combine(Repository.Root, "tests", "Gantry.Hub.Tests", "Configurations", "Golden");

    [Fact]
    public void Alloy()
    {
        var texts = Directory.EnumerateFiles(Golden, "alloy*.txt").Where(path => !path.Contains("identity", StringComparison.Ordinal)).Select(File.ReadAllText)
            .Append("a \"b\" {\n\tx = [1, -2.5e3, true, null, `raw`, \"\\u00e9\\n\"]\n\ty = (a.b[0] + f(1, {k = 2, \"q\" = !c})) ^ 2 ^ 3 >= 4 && d || e\n\t/* c */ z { }\n}\n").ToList();
        Run(new TextMutator(texts, ["{", "}", "\"", "`", "(", ")", "[", "]", "=", "==", "\\", "\n", ",", "//", "/*", "*/", ".", "-", "!", "\0", "\uD800", "\uFEFF", "1e999", "0x", "null"]), 40_000, text =>
        {
            var body = AlloyParser.Parse(text, out var error);

            Assert.NotEqual(body is null, error is null);
            if (error is not null)
            {
                InText(text, error.Place.Line, error.Place.Column, error.Message);
                return false;
            }

            // What is printed means the same: printed once more it is the same text.
            var printed = AlloyPrinter.Print(body!);
            var again = AlloyParser.Parse(printed, out var second);
            Assert.True(again is not null, $"{second?.Message} in what was printed:\n{printed}");
            Assert.Equal(printed, AlloyPrinter.Print(again));
            return true;
        });
    }

    [Fact]
    public void Documents()
    {
        var texts = File.ReadAllText(Path.Combine(Golden, "estate.yaml")).Split("---\n").Append(SamplingText()).ToList();
        Run(new TextMutator(texts, ["{", "}", "[", "]", ": ", "- ", "\n", "\t", "'", "\"", "|", ">", "&a ", "*a", "!t ", "---\n", "...\n", "#", "%", "\0", "\uD800", "\uFEFF", "\u2028", "? ", "<<: ", "${", "$$", "  "]), 12_000, text =>
        {
            var problems = new ResourceProblems("fuzz.yaml");

            var documents = ResourceText.Read(text, problems);

            foreach (var problem in problems.All.Concat(problems.Warnings))
            {
                InText(text, problem.Line, problem.Column, problem.Message);
            }

            return problems.All.Count == 0 && documents.Count > 0;
        });
    }

    private static string SamplingText() => Gantry.Hub.Sampling.SamplingExample.Yaml;

    /// <summary>From 1, on a line that is there, or just behind the last one.</summary>
    private static void InText(string text, int line, int column, string message)
    {
        // Each of these is an end of a line to one of the parsers.
        var lines = text.Count(c => c is '\n' or '\r' or '\u0085' or '\u2028' or '\u2029') + 2;
        Assert.True(line >= 1 && column >= 1 && line <= lines && column <= text.Length + 2, $"{line}:{column}: {message}");
        Assert.NotEmpty(message);
    }

    private void Run(TextMutator mutator, int count, Func<string, bool> target)
    {
        var limit = TimeSpan.FromSeconds(double.Parse(Environment.GetEnvironmentVariable("GANTRY_FUZZ_SECONDS") ?? "0", CultureInfo.InvariantCulture));
        var clock = Stopwatch.StartNew();
        var (accepted, inputs) = (0, 0);
        for (; inputs < count || clock.Elapsed < limit; inputs++)
        {
            var text = mutator.Next(new Random(inputs));
            try
            {
                accepted += target(text) ? 1 : 0;
            }
            catch (Exception exception)
            {
                Assert.Fail($"input {inputs}, as base64 {Convert.ToBase64String(Encoding.Unicode.GetBytes(text))}: {exception}");
            }
        }

        output.WriteLine($"{inputs} inputs, {100.0 * accepted / inputs:F1} % accepted, {clock.Elapsed.TotalSeconds:F1} s");

        // Damage that nothing survives tests only the front door, damage that everything survives is none.
        Assert.InRange(accepted, inputs / 50, inputs * 19 / 20);
    }
}
