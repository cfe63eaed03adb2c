using Gantry.Estate.Resources;

namespace Gantry.Estate.Pipelines.Lint;

/// <summary>Settings that leave a door open wherever they stand (OpenTelemetry's page on secure configuration, config/configtls and confighttp of the collector).</summary>
internal static class SecurityRules
{
    public static void Check(Node? node, string path, ResourceProblems problems)
    {
        switch (node)
        {
            case MappingNode mapping:
                foreach (var (key, value) in mapping.Fields)
                {
                    Check(key.Text, value, $"{path}.{key.Text}", problems);
                    Check(value, $"{path}.{key.Text}", problems);
                }

                break;
            case ListNode list:
                for (var i = 0; i < list.Items.Count; i++)
                {
                    Check(list.Items[i], $"{path}[{i}]", problems);
                }

                break;
        }
    }

    private static void Check(string name, Node value, string path, ResourceProblems problems)
    {
        switch (name, value)
        {
            case ("insecure_skip_verify", ScalarNode { Text: "true" }):
                problems.Warn(value, path, "takes any certificate, so the connection protects nothing; give the authority in ca_file");
                break;
            case ("min_version" or "max_version", ScalarNode { Text: "1.0" or "1.1" }):
                problems.Warn(value, path, "is a version of TLS that is no longer safe; write \"1.2\" or \"1.3\"");
                break;
            case ("allowed_origins", ListNode origins):
                foreach (var star in origins.Items.OfType<ScalarNode>().Where(origin => origin.Text is "*" or "http://*" or "https://*"))
                {
                    problems.Warn(star, path, "lets the pages of every site send here; name the origins");
                }

                break;
        }
    }
}
