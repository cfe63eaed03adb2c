namespace Gantry.Estate.Render;

/// <summary>Who a program is in telemetry, and where its telemetry goes.</summary>
internal static class IdentityVariables
{
    public const string ServiceName = "OTEL_SERVICE_NAME";
    public const string Attributes = "OTEL_RESOURCE_ATTRIBUTES";
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    public const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";

    /// <summary>The variables, as they go together with those that are there.</summary>
    /// <param name="existing">Null for a variable that is not there.</param>
    /// <param name="name">The target's own name, for a service that nobody named.</param>
    public static IEnumerable<(string Name, string Value)> Of(RenderOptions options, string name, Func<string, string?> existing, RenderLog log)
    {
        var attributes = existing(Attributes) ?? "";
        var named = KeysOf(attributes).Contains("service.name");
        if (existing(ServiceName) is { Length: > 0 } service)
        {
            if (options.Service.Length > 0 && options.Service != service)
            {
                log.Note($"{ServiceName} is '{service}' and stays so.");
            }
        }
        else if (!named)
        {
            yield return (ServiceName, options.Service.Length > 0 ? options.Service : name);
        }
        else
        {
            log.Note($"service.name is named in {Attributes} and stays so.");
        }

        var missing = options.Attributes.Where(pair => !KeysOf(attributes).Contains(pair.Key)).ToDictionary();
        if (missing.Count > 0)
        {
            yield return (Attributes, attributes.Length > 0 ? $"{attributes},{Encode(missing)}" : Encode(missing));
        }

        if (options.Endpoint.Length > 0 && AgentVariable.Default(Endpoint, options.Endpoint).MergeWith(existing(Endpoint), log) is { } endpoint)
        {
            yield return (Endpoint, endpoint);
            // What speaks gRPC by default (Python, OBI) would miss an HTTP port. Of an endpoint that was there nobody knows what it speaks.
            if (endpoint == options.Endpoint)
            {
                yield return (Protocol, AgentVariable.Default(Protocol, "http/protobuf").MergeWith(existing(Protocol), log)!);
            }
        }
    }

    /// <summary>As OTEL_RESOURCE_ATTRIBUTES has them.</summary>
    public static string Encode(IReadOnlyDictionary<string, string> attributes) => string.Join(',', attributes.Select(pair => $"{pair.Key}={Escape(pair.Value)}"));

    private static HashSet<string> KeysOf(string attributes) => [.. attributes.Split(',').Select(pair => pair.Split('=')[0].Trim()).Where(key => key.Length > 0)];

    /// <summary>The W3C baggage octets: what would end a value, or a pair, is percent-encoded.</summary>
    private static string Escape(string value) => Uri.EscapeDataString(value).Replace("%2F", "/", StringComparison.Ordinal).Replace("%3A", ":", StringComparison.Ordinal);
}
