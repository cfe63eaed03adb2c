using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Gantry.Cli.Api;
using Gantry.Cli.Declare;
using Gantry.Cli.Get;
using Gantry.Cli.Terminals;
using Gantry.Cli.Verbs;
using Gantry.Estate.Sampling;

namespace Gantry.Cli.Sampling;

/// <summary><c>gantry sampling explain</c>: which rule decides over a span, and how.</summary>
internal static class ExplainCommand
{
    public static Verb Create(CliContext context)
    {
        var service = Text("--service", "service.name");
        var space = Text("--namespace", "service.namespace");
        var environment = Text("--environment", "deployment.environment.name");
        var operation = Text("--operation", "The span's name");
        var kind = Word("--kind", "Span kind", SamplingWords.Kinds);
        var status = Word("--status", "Span status", SamplingWords.Statuses);
        var duration = Duration();
        var files = FileOption.Create("Policies of these documents, instead of those in force at the hub", required: false);
        var format = OutputFormats.Option(OutputFormats.Table, OutputFormats.Json);
        var hub = HubAddress.Option(context);
        var verb = new Verb("explain", "Which rule decides over a span, with what probability and threshold", context)
        {
            Details = "Rules are asked in order; each that does not match says why. With -f nothing is asked of a hub: try a policy before it is applied.",
            Examples =
            [
                new Example("gantry sampling explain --service cart --kind server --status error --duration 700ms", "by what is in force"),
                new Example("gantry sampling explain -f sampling.yaml --service cart", "by what a file would do"),
            ],
        };
        foreach (var option in new Option[] { service, space, environment, operation, kind, status, duration, files, format, hub })
        {
            verb.Add(option);
        }

        return verb.Runs(async (parsed, cancellation) =>
        {
            var model = parsed.GetValue(files) is { Length: > 0 } paths
                ? SamplingComposition.Compose((await DocumentFiles.ReadAsync(context, paths, cancellation)).Select(document => document.Model).OfType<SamplingPolicy>())
                : await ActiveAsync(context, parsed.GetRequiredValue(hub), cancellation);
            var facts = new SpanFacts(
                parsed.GetValue(service) ?? "",
                parsed.GetValue(space) ?? "",
                parsed.GetValue(environment) ?? "",
                parsed.GetValue(operation) ?? "",
                SamplingWords.FindKind(parsed.GetRequiredValue(kind))!.Value,
                SamplingWords.FindStatus(parsed.GetRequiredValue(status))!.Value);
            var explained = SamplingExplanation.Of(model, facts, parsed.GetValue(duration));
            if (parsed.GetRequiredValue(format) == OutputFormats.Json)
            {
                JsonText.Write(context.Terminal.Out, Json(model, explained));
            }
            else
            {
                Write(context.Terminal.Out, model, explained);
            }

            return ExitCodes.Ok;
        });
    }

    private static async Task<SamplingModel> ActiveAsync(CliContext context, Uri hub, CancellationToken cancellation)
    {
        using var client = new HubClient(context, hub);
        var json = await client.GetJsonAsync("sampling/active", cancellation);
        return SamplingModelJson.TryRead(JsonSerializer.SerializeToUtf8Bytes(json), out var error)
            ?? throw new CommandFailure($"the hub's sampling model is not one that this gantry knows ({error}); use the hub's own version of gantry");
    }

    private static void Write(TextWriter output, SamplingModel model, SamplingExplanation explained)
    {
        if (explained.Asked.Count > 0)
        {
            Table.Write(
                output,
                [
                    new Column<RuleVerdict>("RULE", verdict => verdict.Rule.Name),
                    new Column<RuleVerdict>("MATCHES", verdict => verdict.Mismatch.Length == 0 ? "yes" : $"no: {verdict.Mismatch}"),
                    new Column<RuleVerdict>("MATCH", verdict => SamplingWords.Conditions(verdict.Rule)),
                ],
                explained.Asked);
            output.WriteLine();
        }

        output.WriteLine($"Decided by {explained.Rule?.Name ?? "the default"}: {Verdict(explained.Probability)}");
        if (model.Revision.Length > 0)
        {
            output.WriteLine($"Revision {model.Revision}.");
        }
    }

    private static string Verdict(double probability)
    {
        if (probability == 0)
        {
            return "never kept.";
        }

        var threshold = Threshold.FromProbability(probability);
        return threshold.Value == 0
            ? "always kept (th:0)."
            : $"kept with probability {SamplingWords.Probability(probability)} (th:{threshold}); each kept span stands for {threshold.AdjustedCount.ToString("0.####", CultureInfo.InvariantCulture)}.";
    }

    private static JsonElement Json(SamplingModel model, SamplingExplanation explained) => JsonSerializer.SerializeToElement(
        new
        {
            model.Revision,
            Rule = explained.Rule?.Name ?? "",
            explained.Probability,
            Threshold = SamplingWords.ThresholdOf(explained.Probability),
            AdjustedCount = Threshold.FromProbability(explained.Probability).AdjustedCount,
            Asked = explained.Asked.Select(verdict => new { verdict.Rule.Name, Matches = verdict.Mismatch.Length == 0, verdict.Mismatch }),
        },
        JsonSerializerOptions.Web);

    private static Option<string?> Text(string name, string description) => new(name) { Description = description, HelpName = "TEXT" };

    private static Option<string> Word(string name, string description, IReadOnlyList<string> words)
    {
        var option = new Option<string>(name) { Description = description, HelpName = string.Join('|', words), DefaultValueFactory = _ => words[0] };
        option.AcceptOnlyFromAmong([.. words]);
        return option;
    }

    private static Option<TimeSpan> Duration() => new("--duration")
    {
        Description = "How long the span took: 500ms, 1.5s, 2m",
        HelpName = "TIME",
        DefaultValueFactory = _ => TimeSpan.Zero,
        CustomParser = result =>
        {
            if (SamplingWords.ParseDuration(result.Tokens[0].Value) is { } duration)
            {
                return duration;
            }

            result.AddError($"--duration '{result.Tokens[0].Value}': expected a duration above 0 and up to 24h with its unit, such as 500ms, 1.5s or 2m");
            return default;
        },
    };
}
