using Gantry.Estate.Resources;

namespace Gantry.Estate.Pipelines;

/// <summary>A <c>Destination</c> resource, read: where telemetry goes, over OTLP. Pipelines name it and know none of this.</summary>
/// <param name="IsHttp">OTLP/HTTP; else OTLP/gRPC.</param>
/// <param name="Endpoint">"https://otel.example:4318" for HTTP, "otel.example:4317" or a URL for gRPC.</param>
/// <param name="Headers">By name; secret values are references.</param>
/// <param name="Compression">"gzip", "zstd", "snappy" or "none".</param>
public sealed record Destination(string Name, bool IsHttp, string Endpoint, IReadOnlyList<(string Name, string Value)> Headers, string Compression, DestinationTls Tls, MappingNode Spec);

/// <param name="Insecure">Plain text.</param>
/// <param name="CaFile">Path at the agent; "" for its system's authorities. So the others.</param>
public sealed record DestinationTls(bool Insecure, string CaFile, string CertFile, string KeyFile, string ServerName);

/// <summary>
/// Reads the spec of a <c>Destination</c>:
/// <code>
/// protocol: http                 # or grpc; OTLP
/// endpoint: https://otel.example:4318
/// headers: {authorization: "Bearer ${env:OTEL_TOKEN}"}
/// compression: gzip              # gzip, zstd, snappy or none
/// tls: {caFile: /etc/ca.pem, certFile: …, keyFile: …, serverName: …, insecure: false}
/// </code>
/// </summary>
public static class DestinationReader
{
    private static readonly string[] Compressions = ["gzip", "zstd", "snappy", "none"];

    public static ResourceKind Kind { get; } = new("Destination", "destinations", Read, model => Summary((Destination)model)) { Most = 5000 };

    private static Destination? Read(string name, FieldReader spec, ResourceProblems problems)
    {
        var before = problems.All.Count;
        if (spec.Find("protocol") is null)
        {
            spec.Problem("protocol", "is missing; write protocol: http, or grpc");
        }

        var isHttp = spec.FindWord("protocol", ("http", true), ("grpc", false));
        var endpoint = spec.Text("endpoint", isHttp == false ? "otel.example:4317" : "https://otel.example:4318")?.Text;
        if (endpoint is not null && isHttp is { } http)
        {
            CheckEndpoint(spec, endpoint, http);
        }

        var compression = spec.FindText("compression")?.Text ?? "gzip";
        if (!Compressions.Contains(compression))
        {
            spec.Problem("compression", $"expected {string.Join(", ", Compressions)}");
        }

        var headers = Headers(spec, problems);
        var tls = Tls(spec, endpoint ?? "");
        if (tls.Insecure && headers.Any(header => SecretWords.IsSecret(header.Name, inHeaders: true)) && !IsLoopback(endpoint ?? ""))
        {
            problems.Warn(spec.Find("endpoint") ?? spec.Place, spec.FieldOf("endpoint"), "takes secrets in plain text; use https");
        }

        spec.Done(("timeout", "the agent's own default holds"), ("retry", "the agent's own default holds"), ("queue", "the agent's own default holds"));
        return problems.All.Count == before ? new Destination(name, isHttp!.Value, endpoint!, headers, compression, tls, (MappingNode)spec.Place) : null;
    }

    private static void CheckEndpoint(FieldReader spec, string endpoint, bool isHttp)
    {
        var isUrl = Uri.TryCreate(endpoint, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0;
        if (SecretWords.HasUserInfo(endpoint))
        {
            spec.Problem("endpoint", "has a password inside the address; write headers: {authorization: \"Basic ${env:NAME}\"}");
        }
        else if (isHttp && !isUrl && !endpoint.StartsWith("${", StringComparison.Ordinal))
        {
            spec.Problem("endpoint", "expected a URL such as https://otel.example:4318 (/v1/traces and so on are added by the agent)");
        }
        else if (!isHttp && !isUrl && !(endpoint.Split(':') is [{ Length: > 0 }, { } port] && ushort.TryParse(port, out _)) && !endpoint.StartsWith("${", StringComparison.Ordinal))
        {
            spec.Problem("endpoint", "expected host:port, such as otel.example:4317");
        }
    }

    private static List<(string Name, string Value)> Headers(FieldReader spec, ResourceProblems problems)
    {
        var headers = new List<(string, string)>();
        if (spec.FindMapping("headers") is not { } reader)
        {
            return headers;
        }

        foreach (var (key, value) in ((MappingNode)reader.Place).Fields)
        {
            if (key.Text.Length == 0 || key.Text.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')))
            {
                problems.Add(key, reader.FieldOf(key.Text), "expected the name of an HTTP header, such as authorization");
            }
            else if (headers.Exists(other => other.Item1.Equals(key.Text, StringComparison.OrdinalIgnoreCase)))
            {
                problems.Add(key, reader.FieldOf(key.Text), "is there twice; keep one of the two");
            }
            else if (value is not ScalarNode { IsNull: false } scalar || scalar.Text.Any(char.IsControl))
            {
                problems.Add(value.Line, value.Column, reader.FieldOf(key.Text), "", "expected text on one line");
            }
            else if (!SecretWords.IsReference(scalar.Text))
            {
                // Any header may be one, and only its owner knows.
                problems.Add(scalar.Line, scalar.Column, reader.FieldOf(key.Text), "", "expected a reference that the agent resolves, ${env:NAME} or ${file:/run/secrets/NAME}, perhaps behind a word such as Bearer; a hub keeps no secrets");
            }
            else
            {
                headers.Add((key.Text, scalar.Text));
            }
        }

        return headers;
    }

    private static DestinationTls Tls(FieldReader spec, string endpoint)
    {
        var plain = endpoint.StartsWith("http://", StringComparison.OrdinalIgnoreCase);
        if (spec.FindMapping("tls") is not { } tls)
        {
            return new DestinationTls(plain, "", "", "", "");
        }

        var insecure = tls.FindWord("insecure", ("true", true), ("false", false)) ?? plain;
        string Path(string name) => tls.FindText(name)?.Text ?? "";
        var settings = new DestinationTls(insecure, Path("caFile"), Path("certFile"), Path("keyFile"), Path("serverName"));
        if (settings.CertFile.Length > 0 != settings.KeyFile.Length > 0)
        {
            tls.Problem(settings.CertFile.Length > 0 ? "keyFile" : "certFile", "is missing; a certificate needs its key, and a key its certificate");
        }

        tls.Done(("insecureSkipVerify", "give the authority in caFile; a certificate that nobody checks protects nothing"), ("insecure_skip_verify", "give the authority in caFile; a certificate that nobody checks protects nothing"));
        return settings;
    }

    private static bool IsLoopback(string endpoint) => (Uri.TryCreate(endpoint.Contains("://", StringComparison.Ordinal) ? endpoint : $"http://{endpoint}", UriKind.Absolute, out var url) && url.IsLoopback);

    private static string Summary(Destination destination) =>
        $"OTLP/{(destination.IsHttp ? "HTTP" : "gRPC")} {destination.Endpoint}{(destination.Tls.Insecure ? ", plain text" : "")}";
}
