using System.Globalization;
using Gantry.Estate.Resources;

namespace Gantry.Estate.Instrumentation;

/// <summary>Reads the field <c>match</c> of a rule: each field a text or a list of texts.</summary>
internal static class ProcessMatchReader
{
    private const int Most = 100;

    private const int Longest = 500;

    /// <summary>As telemetry.sdk.language spells them, and the agent recognises them.</summary>
    private static readonly string[] Languages = ["nodejs", "dotnet", "java", "python", "go", "ruby", "php", "rust", "cpp"];

    public static ProcessMatch Read(FieldReader match, ResourceProblems problems)
    {
        var read = new ProcessMatch
        {
            Languages = Texts(match, "language", problems),
            Executables = Texts(match, "executable", problems),
            Scripts = Texts(match, "script", problems),
            Units = Texts(match, "unit", problems),
            Containers = Texts(match, "container", problems),
            Owners = Texts(match, "owner", problems),
            Services = Texts(match, "service", problems),
            Ports = Ports(match, problems),
        };
        foreach (var language in read.Languages)
        {
            if (!language.Contains('*') && !Languages.Contains(language))
            {
                match.Problem("language", $"expected {string.Join(", ", Languages)}{(NearWord.Of(language, Languages) is { } near ? $"; did you mean {near}?" : "")}");
            }
        }

        const string Never = "arguments hold secrets and never leave a host; write script, the file that an interpreter runs";
        match.Done(("arguments", Never), ("args", Never), ("command", Never), ("pod", "pods are instrumented by what starts them: gantry render k8s"));
        return read;
    }

    private static List<string> Texts(FieldReader match, string name, ResourceProblems problems)
    {
        var texts = new List<string>();
        foreach (var (item, path) in Items(match, name))
        {
            if (item is ScalarNode { IsNull: false, Text.Length: > 0 and <= Longest } scalar && !scalar.Text.Any(char.IsControl))
            {
                texts.Add(scalar.Text);
            }
            else
            {
                problems.Add(item, path, $"expected a text of 1 to {Longest} characters, in which * stands for any text");
            }
        }

        return texts;
    }

    private static List<int> Ports(FieldReader match, ResourceProblems problems)
    {
        var ports = new List<int>();
        foreach (var (item, path) in Items(match, "port"))
        {
            if (item is ScalarNode scalar && int.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535)
            {
                ports.Add(port);
            }
            else
            {
                problems.Add(item, path, "expected a port from 1 to 65535");
            }
        }

        return ports;
    }

    private static IReadOnlyList<(Node Item, string Path)> Items(FieldReader match, string name)
    {
        var node = match.Find(name);
        if (node is ListNode { Items.Count: > Most } list)
        {
            match.Problem(name, $"expected at most {Most}, these are {list.Items.Count}; use wildcards");
            return [];
        }

        return node is ListNode ? match.FindList(name) : node is null ? [] : [(node, match.FieldOf(name))];
    }
}
