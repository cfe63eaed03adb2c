using System.Buffers;
using System.Text.Json;
using Gantry.Estate.Configurations;
using Gantry.Estate.Resources;

namespace Gantry.Estate.Instrumentation;

/// <summary>
/// A plan as it travels from hub to agent and lies in the agent's state folder:
/// <c>{"rules":[{"name":"shop/payments","action":"allow","match":{"languages":["dotnet"]},"service":"payments"}],"restart":"manual","bakeForSeconds":60,"network":true}</c>.
/// One spelling for one content. Reading is strict: an agent that skipped a condition that it does not know would instrument processes that the rule was not
/// meant for, so it refuses the whole plan and keeps the one it has.
/// </summary>
public static class InstrumentationPlanJson
{
    /// <summary>Name of the file in an agent's configuration.</summary>
    public const string FileName = "instrumentation";

    public const string ContentType = "application/json";

    /// <summary>In bytes.</summary>
    public const int Longest = 4 * 1024 * 1024;

    private const int MostRules = 10_000;

    private const int MostItems = 1_000;

    private const int LongestText = 4096;

    private const double LongestBakeSeconds = 24 * 3600;

    public static byte[] Write(InstrumentationPlan plan)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteStartArray("rules");
            foreach (var rule in plan.Rules)
            {
                Write(json, rule);
            }

            json.WriteEndArray();
            json.WriteStartObject("environment");
            foreach (var (name, value) in plan.Environment.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            json.WriteString("restart", plan.Restart == RestartPolicy.OneFirst ? "oneFirst" : "manual");
            json.WriteNumber("bakeForSeconds", plan.BakeFor.TotalSeconds);
            json.WriteBoolean("network", plan.Network);
            json.WriteBoolean("obi", plan.Obi);
            if (plan.ObiSettings is { } settings)
            {
                json.WritePropertyName("obiSettings");
                NodeJson.Write(json, settings);
            }

            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <param name="error">What is wrong, naming the field; "" when nothing is.</param>
    public static InstrumentationPlan? TryRead(ReadOnlyMemory<byte> bytes, out string error)
    {
        try
        {
            if (bytes.Length > Longest)
            {
                throw new FormatException($"the plan has {bytes.Length} bytes; expected at most {Longest}");
            }

            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 40, AllowDuplicateProperties = false });
            error = "";
            return ReadPlan(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException)
        {
            error = exception.Message;
            return null;
        }
    }

    private static void Write(Utf8JsonWriter json, InstrumentationRule rule)
    {
        json.WriteStartObject();
        json.WriteString("name", rule.Name);
        json.WriteString("action", rule.Action == RuleAction.Allow ? "allow" : "block");
        json.WriteStartObject("match");
        List("languages", rule.Match.Languages);
        List("executables", rule.Match.Executables);
        List("scripts", rule.Match.Scripts);
        List("units", rule.Match.Units);
        List("containers", rule.Match.Containers);
        List("owners", rule.Match.Owners);
        List("services", rule.Match.Services);
        if (rule.Match.Ports.Count > 0)
        {
            json.WriteStartArray("ports");
            foreach (var port in rule.Match.Ports)
            {
                json.WriteNumberValue(port);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        Text("method", rule.Method);
        Text("service", rule.Service);
        Text("namespace", rule.Namespace);
        json.WriteEndObject();

        void List(string name, IReadOnlyList<string> items)
        {
            if (items.Count > 0)
            {
                json.WriteStartArray(name);
                foreach (var item in items)
                {
                    json.WriteStringValue(item);
                }

                json.WriteEndArray();
            }
        }

        void Text(string name, string value)
        {
            if (value.Length > 0)
            {
                json.WriteString(name, value);
            }
        }
    }

    private static InstrumentationPlan ReadPlan(JsonElement root)
    {
        var plan = InstrumentationPlan.Nothing;
        foreach (var field in root.EnumerateObject())
        {
            plan = field.Name switch
            {
                "rules" => plan with { Rules = ItemsOf(field, MostRules).Select(ReadRule).ToList() },
                "environment" => plan with { Environment = field.Value.EnumerateObject().Take(MostItems).ToDictionary(item => item.Name, TextOf) },
                "restart" => plan with { Restart = WordOf(field, ("manual", RestartPolicy.Manual), ("oneFirst", RestartPolicy.OneFirst)) },
                "bakeForSeconds" => plan with { BakeFor = SecondsOf(field) },
                "network" => plan with { Network = field.Value.GetBoolean() },
                "obi" => plan with { Obi = field.Value.GetBoolean() },
                "obiSettings" => plan with { ObiSettings = NodeJson.Read(field.Value) as MappingNode ?? throw new FormatException("obiSettings: expected an object") },
                _ => throw Unknown(field.Name),
            };
        }

        return plan;
    }

    private static InstrumentationRule ReadRule(JsonElement element, int index)
    {
        var rule = new InstrumentationRule("", RuleAction.Block, new ProcessMatch());
        var hasAction = false;
        foreach (var field in element.EnumerateObject())
        {
            hasAction |= field.Name == "action";
            rule = field.Name switch
            {
                "name" => rule with { Name = TextOf(field) },
                "action" => rule with { Action = WordOf(field, ("allow", RuleAction.Allow), ("block", RuleAction.Block)) },
                "match" => rule with { Match = ReadMatch(field.Value, index) },
                "method" => rule with { Method = TextOf(field) },
                "service" => rule with { Service = TextOf(field) },
                "namespace" => rule with { Namespace = TextOf(field) },
                _ => throw Unknown($"rules[{index}].{field.Name}"),
            };
        }

        return hasAction ? rule : throw new FormatException($"rules[{index}].action: is missing");
    }

    private static ProcessMatch ReadMatch(JsonElement element, int index)
    {
        var match = new ProcessMatch();
        foreach (var field in element.EnumerateObject())
        {
            match = field.Name switch
            {
                "languages" => match with { Languages = TextsOf(field) },
                "executables" => match with { Executables = TextsOf(field) },
                "scripts" => match with { Scripts = TextsOf(field) },
                "units" => match with { Units = TextsOf(field) },
                "containers" => match with { Containers = TextsOf(field) },
                "owners" => match with { Owners = TextsOf(field) },
                "services" => match with { Services = TextsOf(field) },
                "ports" => match with { Ports = ItemsOf(field, MostItems).Select(port => port.GetInt32()).ToList() },
                _ => throw Unknown($"rules[{index}].match.{field.Name}"),
            };
        }

        return match;
    }

    private static IEnumerable<JsonElement> ItemsOf(JsonProperty field, int most) => field.Value.GetArrayLength() <= most
        ? field.Value.EnumerateArray()
        : throw new FormatException($"{field.Name}: more than {most}");

    private static List<string> TextsOf(JsonProperty field) => ItemsOf(field, MostItems).Select(item => TextOf(field.Name, item)).ToList();

    private static string TextOf(JsonProperty field) => TextOf(field.Name, field.Value);

    private static string TextOf(string name, JsonElement value) => value.GetString() is { Length: <= LongestText } text && !text.Any(char.IsControl)
        ? text
        : throw new FormatException($"{name}: expected a text of at most {LongestText} characters, without line breaks");

    private static T WordOf<T>(JsonProperty field, params ReadOnlySpan<(string Word, T Value)> words)
    {
        var text = field.Value.GetString();
        foreach (var (word, value) in words)
        {
            if (word == text)
            {
                return value;
            }
        }

        throw new FormatException($"{field.Name} '{text}': this version does not know it");
    }

    private static TimeSpan SecondsOf(JsonProperty field) => field.Value.GetDouble() is >= 0 and <= LongestBakeSeconds and var seconds
        ? TimeSpan.FromSeconds(seconds)
        : throw new FormatException($"{field.Name}: expected 0 to {LongestBakeSeconds}");

    private static FormatException Unknown(string name) => new($"{name}: this version does not know it");
}
