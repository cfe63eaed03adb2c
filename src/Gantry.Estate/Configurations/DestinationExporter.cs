using Gantry.Estate.Alloy;
using Gantry.Estate.Pipelines;
using Gantry.Estate.Resources;

namespace Gantry.Estate.Configurations;

/// <summary>A destination as the exporter of a collector, and of Alloy.</summary>
internal static class DestinationExporter
{
    /// <param name="newNames">A collector from 0.144 on calls them otlp_grpc and otlp_http; the old names are understood for some time.</param>
    public static string IdOf(Destination destination, bool newNames) => ComponentId.OfDestination(
        (destination.IsHttp, newNames) switch { (true, true) => "otlp_http", (true, false) => "otlphttp", (false, true) => "otlp_grpc", _ => "otlp" }, destination.Name);

    /// <summary>One exporter for each destination that any of the pipelines uses.</summary>
    public static IEnumerable<(string Id, Node Config)> Of(IEnumerable<Pipeline> pipelines, CompileInput input, OriginList origins)
    {
        var names = pipelines.SelectMany(pipeline => ((CollectorContents)pipeline.Contents).Config.Destinations).Select(node => node.Text[CollectorConfig.DestinationPrefix.Length..]).Distinct();
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            var destination = input.Destination(name)!;
            var id = IdOf(destination, input.NewNames);
            var settings = Nodes.Mapping(Settings(destination));
            origins.Add($"exporters.{id}", Resource(destination), destination.Spec.Line);
            foreach (var (key, value) in settings.Fields)
            {
                origins.AddAll($"exporters.{id}.{key.Text}", value, Resource(destination), LineOf(destination, key.Text));
            }

            yield return (id, settings);
        }
    }

    /// <summary>Lines of <c>otelcol.exporter.otlp</c> or <c>.otlphttp</c>, with the files that its secrets come from.</summary>
    public static string Alloy(Destination destination)
    {
        var label = LabelOf(destination.Name);
        var files = new List<string>();
        var headers = destination.Headers.OrderBy(header => header.Name, StringComparer.Ordinal).Select(header => $"\t\t\t{AlloyPrinter.Quote(header.Name)} = {Value(header.Value, label, files)},\n").ToList();
        var text = new System.Text.StringBuilder();
        for (var i = 0; i < files.Count; i++)
        {
            text.Append($"local.file \"{label}_{i + 1}\" {{\n\tfilename  = {AlloyPrinter.Quote(files[i])}\n\tis_secret = true\n}}\n\n");
        }

        text.Append($"otelcol.exporter.{(destination.IsHttp ? "otlphttp" : "otlp")} \"{label}\" {{\n\tclient {{\n\t\tendpoint    = {Value(destination.Endpoint, label, files)}\n\t\tcompression = {AlloyPrinter.Quote(destination.Compression)}\n");
        if (headers.Count > 0)
        {
            text.Append("\t\theaders = {\n").AppendJoin("", headers).Append("\t\t}\n");
        }

        var tls = TlsOf(destination).ToList();
        if (tls.Count > 0)
        {
            text.Append("\t\ttls {\n");
            foreach (var (name, value) in tls)
            {
                text.Append($"\t\t\t{(name == "server_name_override" ? "server_name" : name)} = {(value is ScalarNode { IsQuoted: true } quoted ? AlloyPrinter.Quote(quoted.Text) : value.Shown)}\n");
            }

            text.Append("\t\t}\n");
        }

        return text.Append("\t}\n}\n").ToString();
    }

    public static string LabelOf(string destination) => "to_" + AlloyPrinter.Identifier(destination);

    /// <summary>What <c>argument.destinations.value["NAME"]</c> is.</summary>
    public static string AlloyInput(Destination destination) => $"otelcol.exporter.{(destination.IsHttp ? "otlphttp" : "otlp")}.{LabelOf(destination.Name)}.input";

    public static string Resource(Destination destination) => $"destinations/{destination.Name}";

    private static int LineOf(Destination destination, string setting) =>
        destination.Spec.Fields.FirstOrDefault(field => field.Key.Text == setting)?.Key.Line ?? destination.Spec.Line;

    private static IEnumerable<(string, Node)> Settings(Destination destination)
    {
        yield return ("endpoint", Nodes.Quoted(destination.Endpoint));
        yield return ("compression", Nodes.Text(destination.Compression));
        if (destination.Headers.Count > 0)
        {
            yield return ("headers", Nodes.Mapping(destination.Headers.OrderBy(header => header.Name, StringComparer.Ordinal).Select(header => (header.Name, (Node)Nodes.Quoted(header.Value)))));
        }

        var tls = TlsOf(destination).ToList();
        if (tls.Count > 0)
        {
            yield return ("tls", Nodes.Mapping(tls));
        }
    }

    private static IEnumerable<(string Name, Node Value)> TlsOf(Destination destination)
    {
        var tls = destination.Tls;
        if (tls.Insecure)
        {
            yield return ("insecure", Nodes.Text("true"));
        }

        foreach (var (name, value) in new[] { ("ca_file", tls.CaFile), ("cert_file", tls.CertFile), ("key_file", tls.KeyFile), ("server_name_override", tls.ServerName) })
        {
            if (value.Length > 0)
            {
                yield return (name, Nodes.Quoted(value));
            }
        }
    }

    /// <summary>"Bearer ${env:TOKEN}" as <c>"Bearer " + sys.env("TOKEN")</c>.</summary>
    private static string Value(string value, string label, List<string> files)
    {
        var parts = new List<string>();
        for (var at = 0; at < value.Length;)
        {
            var begin = value.IndexOf("${", at, StringComparison.Ordinal);
            var end = begin < 0 ? -1 : value.IndexOf('}', begin);
            if (end < 0)
            {
                parts.Add(AlloyPrinter.Quote(value[at..]));
                break;
            }

            if (begin > at)
            {
                parts.Add(AlloyPrinter.Quote(value[at..begin]));
            }

            var reference = value[(begin + 2)..end];
            if (reference.StartsWith("file:", StringComparison.Ordinal))
            {
                files.Add(reference["file:".Length..]);
                parts.Add($"local.file.{label}_{files.Count}.content");
            }
            else
            {
                parts.Add($"sys.env({AlloyPrinter.Quote(reference.StartsWith("env:", StringComparison.Ordinal) ? reference["env:".Length..] : reference)})");
            }

            at = end + 1;
        }

        return parts.Count == 0 ? "\"\"" : string.Join(" + ", parts);
    }
}
