using System.Text.Json.Nodes;
using Gantry.Estate.Methods;

namespace Gantry.Estate.Render.Lambda;

/// <summary>What is to be done with a function.</summary>
public sealed record LambdaOptions
{
    public required RenderOptions Render { get; init; }

    /// <summary>The function's name, where no configuration is given.</summary>
    public string Name { get; init; } = "";

    /// <summary>ARNs of the layers, with their versions: the language's, and the collector's.</summary>
    public IReadOnlyList<string> Layers { get; init; } = [];

    /// <summary>Where the collector layer reads its configuration; "" leaves it to the layer.</summary>
    public string CollectorConfig { get; init; } = "";
}

/// <summary>
/// The input of `aws lambda update-function-configuration`: layers, the wrapper that starts the runtime with the agent, and the variables. Layers and variables
/// that the function has stay, since that call replaces both as a whole.
/// </summary>
public static class LambdaRenderer
{
    private const string Wrapper = "AWS_LAMBDA_EXEC_WRAPPER";

    /// <summary>Lambda's own limit.</summary>
    private const int MostLayers = 5;

    /// <param name="function">What `aws lambda get-function-configuration` says; "" for a function with neither layers nor variables. One that does not show its variables is refused.</param>
    public static Rendering Render(string function, LambdaOptions options)
    {
        var log = new RenderLog();
        var configuration = function.Length == 0 ? new JsonObject() : JsonDocuments.Read(function, "function's configuration", log);
        if (configuration is null)
        {
            return Rendering.Refused(log.Problems);
        }

        var language = options.Render.Language;
        var traits = new ProcessTraits { Language = language, RuntimeVersion = VersionOf(configuration), Architecture = ArchitectureOf(configuration, options.Render.Architecture) };
        var advice = MethodCatalogue.Advise(traits, MethodPlatforms.Find(MethodPlatforms.Lambda)!);
        if (advice.Transactions.Recommended is not { Method.Effect: not MethodEffect.NextBuild } choice)
        {
            var refusals = advice.Transactions.Refused.Where(refusal => refusal.Method is not null).Select(refusal => refusal.Message).ToList();
            return Rendering.Refused(refusals.Count > 0 ? refusals : WaysOut.Of(advice), advice.Limits);
        }

        if (JsonDocuments.Text(configuration["PackageType"]) == "Image")
        {
            log.Problem($"The function is an image, and images have no layers: put the agent into it, `gantry render dockerfile --language {language.Id}`.");
        }

        var name = JsonDocuments.Text(configuration["FunctionName"]) is { Length: > 0 } own ? own : function.Length == 0 ? options.Name : "";
        if (name.Length == 0)
        {
            log.Problem(function.Length == 0
                ? "The function has no name: give its configuration with --function, or --name."
                : "The function's configuration has no FunctionName, so its layers and variables are not where they should be. Give what `aws lambda get-function-configuration` writes; `get-function` has it inside of Configuration.");
        }

        CheckEnvironment(configuration["Environment"], log);

        var result = new JsonObject { ["FunctionName"] = name, ["Layers"] = LayersOf(configuration, options, choice.Method, log), ["Environment"] = new JsonObject { ["Variables"] = VariablesOf(configuration, name, options, log) } };
        log.Note(advice.Limits);
        log.Note("It takes effect with the next cold start. The agent adds to the time that a cold start takes: look at it before all functions get it.");
        foreach (var open in choice.Unchecked)
        {
            log.Note($"Not checked: {open}.");
        }

        return log.Done(() => JsonDocuments.Write(result));
    }

    /// <summary>Variables that cannot be seen would be lost: what is rendered replaces all of them.</summary>
    private static void CheckEnvironment(JsonNode? environment, RenderLog log)
    {
        if (environment is JsonObject there && there["Error"] is { } error)
        {
            log.Problem($"Environment.Error says that the variables could not be read ({JsonDocuments.Text((error as JsonObject)?["ErrorCode"])}). Ask again with rights for the function's key, kms:Decrypt.");
        }
        else if (environment is not null && (environment as JsonObject)?["Variables"] is not JsonObject)
        {
            log.Problem("Environment has no Variables, so those that the function has are not known. Give what `aws lambda get-function-configuration` writes, whole.");
        }
    }

    private static JsonArray LayersOf(JsonObject configuration, LambdaOptions options, InstrumentationMethod method, RenderLog log)
    {
        var layers = (configuration["Layers"] as JsonArray)?.Select(layer => JsonDocuments.Text((layer as JsonObject)?["Arn"] ?? layer)).Where(arn => arn.Length > 0).ToList() ?? [];
        if (options.Layers.Count == 0)
        {
            log.Problem(method.Id == "lambda-adot-layer"
                ? "Give the layer with --layer ARN: the one of the AWS distribution for the language and region; its releases list them."
                : $"Give the layers with --layer ARN, once for the language's and once for the collector's: those of account {RenderDefaults.LayerAccount}, which the releases of opentelemetry-lambda list for each region.");
        }

        foreach (var arn in options.Layers)
        {
            var parts = arn.Split(':');
            if (parts is not ["arn", _, "lambda", { Length: > 0 }, { Length: > 0 }, "layer", { Length: > 0 }, { Length: > 0 }])
            {
                log.Problem($"--layer '{arn}': expected arn:aws:lambda:REGION:ACCOUNT:layer:NAME:VERSION.");
                continue;
            }

            var same = string.Join(':', parts[..^1]) + ":";
            var before = layers.FindIndex(layer => layer.StartsWith(same, StringComparison.Ordinal));
            if (before < 0)
            {
                layers.Add(arn);
            }
            else if (layers[before] != arn)
            {
                log.Note($"The layer {layers[before]} is now version {parts[^1]}.");
                layers[before] = arn;
            }
        }

        if (layers.Count > MostLayers)
        {
            log.Problem($"The function would have {layers.Count} layers, and Lambda allows {MostLayers}. Take one out.");
        }

        return JsonDocuments.Strings(layers);
    }

    private static JsonObject VariablesOf(JsonObject configuration, string name, LambdaOptions options, RenderLog log)
    {
        var variables = (configuration["Environment"] as JsonObject)?["Variables"] is JsonObject there ? (JsonObject)there.DeepClone() : [];
        var wrapper = options.Render.Language.Id is "python" or "dotnet" ? "/opt/otel-instrument" : "/opt/otel-handler";
        foreach (var variable in new[] { AgentVariable.Only(Wrapper, wrapper), options.CollectorConfig.Length > 0 ? AgentVariable.Default("OPENTELEMETRY_COLLECTOR_CONFIG_URI", options.CollectorConfig) : null })
        {
            if (variable?.MergeWith(Existing(variable.Name), log) is { } value && Existing(variable.Name) != value)
            {
                variables[variable.Name] = value;
            }
        }

        var identity = options.Render;
        if (options.CollectorConfig.Length > 0 && identity.Endpoint.Length > 0)
        {
            // What is sent past the collector would hold each call up, or be lost when the sandbox is frozen.
            identity = identity with { Endpoint = "" };
            log.Note("The endpoint is not set: the function sends to the collector in its sandbox, and that one's configuration says where it goes on.");
        }

        foreach (var (key, value) in IdentityVariables.Of(identity, name, Existing, log))
        {
            if (Existing(key) != value)
            {
                variables[key] = value;
            }
        }

        if (options.Render.Endpoint.Length == 0 && options.CollectorConfig.Length == 0)
        {
            log.Note("Nothing says where telemetry goes on from the sandbox: the collector layer's own configuration decides. Give --collector-config with a file of the function, an address or an S3 object.");
        }

        return variables;

        string? Existing(string variable) => variables[variable] is { } node ? JsonDocuments.Text(node) : null;
    }

    /// <summary>"dotnet8" and "python3.12" end in a version, "nodejs20.x" and "java17" too.</summary>
    private static string VersionOf(JsonObject configuration) => new([.. JsonDocuments.Text(configuration["Runtime"]).SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(c => char.IsAsciiDigit(c) || c == '.')]);

    private static string? ArchitectureOf(JsonObject configuration, string asked) => asked.Length > 0 ? asked : (configuration["Architectures"] as JsonArray)?.Select(JsonDocuments.Text).FirstOrDefault() switch
    {
        "arm64" => "arm64",
        "x86_64" => "x64",
        _ => null,
    };
}
