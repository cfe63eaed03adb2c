using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;

namespace Gantry.Estate.Sampling;

/// <summary>
/// A model as it travels from hub to gateway and lies in the gateway's state folder:
/// <c>{"revision":"3f2a…","default":0.1,"rules":[{"name":"shop/errors","probability":1,"service":"checkout*","status":2,"slowerThanNano":500000000}]}</c>.
/// One spelling for one content, so that its hash is its revision. Reading is strict: a gateway that skipped a condition that it does not know would
/// apply the rule to spans that it was not meant for, so it refuses the whole model and keeps the one it has.
/// </summary>
public static class SamplingModelJson
{
    public const string ContentType = "application/json";

    /// <summary>In bytes; some 10,000 rules.</summary>
    public const int Longest = 4 * 1024 * 1024;

    public const int MostRules = 10_000;

    private const int RevisionDigits = 16;

    private const int LongestName = SamplingPolicyReader.LongestName;

    private const int NanosPerTick = 100;

    /// <summary>16 hexadecimal digits of a SHA-256 over the content without its revision.</summary>
    public static string RevisionOf(SamplingModel model) =>
        Convert.ToHexStringLower(SHA256.HashData(Write(model with { Revision = "" })))[..RevisionDigits];

    public static byte[] Write(SamplingModel model)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("revision", model.Revision);
            json.WriteNumber("default", model.Default);
            json.WriteStartArray("rules");
            foreach (var rule in model.Rules)
            {
                Write(json, rule);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <param name="error">What is wrong, naming the field; "" when nothing is.</param>
    /// <returns>Null when it is no model, or not the one that its revision says.</returns>
    public static SamplingModel? TryRead(ReadOnlyMemory<byte> bytes, out string error)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 4, AllowDuplicateProperties = false });
            var model = ReadModel(document.RootElement);
            error = model.Revision.Length == 0 && (model.Rules.Count > 0 || model.Default != 1) ? "revision: is missing"
                : model.Revision.Length > 0 && model.Revision != RevisionOf(model) ? $"revision: the content is not the one of {model.Revision}"
                : "";
            return error.Length == 0 ? model : null;
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            error = exception.Message;
            return null;
        }
    }

    private static void Write(Utf8JsonWriter json, SamplingRule rule)
    {
        json.WriteStartObject();
        json.WriteString("name", rule.Name);
        json.WriteNumber("probability", rule.Probability);
        Text("service", rule.Service);
        Text("namespace", rule.Namespace);
        Text("environment", rule.Environment);
        Text("operation", rule.Operation);
        Number("kind", rule.Kind);
        Number("status", rule.Status);
        Number("slowerThanNano", rule.SlowerThan?.Ticks * NanosPerTick);
        json.WriteEndObject();

        void Text(string name, string value)
        {
            if (value.Length > 0)
            {
                json.WriteString(name, value);
            }
        }

        void Number(string name, long? value)
        {
            if (value is { } number)
            {
                json.WriteNumber(name, number);
            }
        }
    }

    private static SamplingModel ReadModel(JsonElement root)
    {
        var model = new SamplingModel();
        foreach (var field in root.EnumerateObject())
        {
            model = field.Name switch
            {
                "revision" => model with { Revision = TextOf(field) },
                "default" => model with { Default = ProbabilityOf(field) },
                "rules" => model with { Rules = RulesOf(field.Value) },
                _ => throw Unknown(field.Name),
            };
        }

        return model;
    }

    private static SamplingRule[] RulesOf(JsonElement rules) => rules.GetArrayLength() <= MostRules
        ? [.. rules.EnumerateArray().Select(ReadRule)]
        : throw new FormatException($"rules: more than {MostRules}");

    private static SamplingRule ReadRule(JsonElement element, int index)
    {
        var rule = new SamplingRule { Probability = double.NaN };
        foreach (var field in element.EnumerateObject())
        {
            rule = field.Name switch
            {
                "name" => rule with { Name = TextOf(field) },
                "probability" => rule with { Probability = ProbabilityOf(field) },
                "service" => rule with { Service = TextOf(field) },
                "namespace" => rule with { Namespace = TextOf(field) },
                "environment" => rule with { Environment = TextOf(field) },
                "operation" => rule with { Operation = TextOf(field) },
                "kind" => rule with { Kind = (int)NumberOf(field, 0, SamplingWords.Kinds.Count - 1) },
                "status" => rule with { Status = (int)NumberOf(field, 0, SamplingWords.Statuses.Count - 1) },
                "slowerThanNano" => rule with { SlowerThan = TimeOf(field) },
                _ => throw Unknown($"rules[{index}].{field.Name}"),
            };
        }

        return double.IsNaN(rule.Probability) ? throw new FormatException($"rules[{index}].probability: is missing") : rule;
    }

    private static string TextOf(JsonProperty field) => field.Value.GetString() is { } text && text.Length <= LongestName
        ? text
        : throw new FormatException($"{field.Name}: expected at most {LongestName} characters");

    private static double ProbabilityOf(JsonProperty field) => field.Value.GetDouble() is var value && SamplingWords.IsProbability(value)
        ? value
        : throw new FormatException($"{field.Name} {value}: expected 0, or 2^-56 to 1");

    /// <summary>What is not whole ticks would be read as something else than what was written, and the revision could not tell.</summary>
    private static TimeSpan TimeOf(JsonProperty field) => NumberOf(field, NanosPerTick, SamplingWords.LongestDuration.Ticks * NanosPerTick) is var nano && nano % NanosPerTick == 0
        ? TimeSpan.FromTicks(nano / NanosPerTick)
        : throw new FormatException($"{field.Name} {nano}: expected a multiple of {NanosPerTick}");

    private static long NumberOf(JsonProperty field, long least, long most) => field.Value.GetInt64() is var value && value >= least && value <= most
        ? value
        : throw new FormatException($"{field.Name} {value}: expected {least} to {most}");

    private static FormatException Unknown(string name) => new($"{name}: this version does not know it");
}
