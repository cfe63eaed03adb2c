namespace Gantry.Hub.Ui.Forms;

/// <summary>Attributes as a person types them: <c>name=value</c>, one a line.</summary>
internal static class AttributeLines
{
    public static string Write(IReadOnlyDictionary<string, string> attributes) =>
        string.Join('\n', attributes.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"));

    /// <param name="problem">What is wrong, and where; "" when nothing is.</param>
    public static Dictionary<string, string> Read(string text, out string problem)
    {
        var attributes = new Dictionary<string, string>();
        problem = "";
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (line.Trim().Length == 0)
            {
                continue;
            }

            var equals = line.IndexOf('=');
            var name = equals > 0 ? line[..equals].Trim() : "";
            if (name.Length == 0)
            {
                problem = $"Line {number}, “{Short(line.Trim())}”: write name=value.";
            }
            else if (!attributes.TryAdd(name, line[(equals + 1)..].Trim()))
            {
                problem = $"Line {number}: {Short(name)} is there twice; keep one of the two.";
            }

            if (problem.Length > 0)
            {
                break;
            }
        }

        return attributes;
    }

    private static string Short(string text) => text.Length > 60 ? text[..59] + "…" : text;
}
