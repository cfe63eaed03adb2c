using System.Text;

namespace Gantry.Agent.Tests.Injector;

/// <summary>Environment= of a unit file, as systemd.exec(5) and systemd.unit(5) describe it: one quoted assignment a line, backslash escapes, %% for a percent.</summary>
internal static class SystemdOracle
{
    public static Dictionary<string, string> Environment(string dropIn)
    {
        var variables = new Dictionary<string, string>();
        foreach (var line in dropIn.Split('\n').Where(line => line.StartsWith("Environment=", StringComparison.Ordinal)))
        {
            var text = line["Environment=".Length..];
            Assert.True(text.Length >= 2 && text[0] == '"' && text[^1] == '"', line);
            var value = new StringBuilder();
            for (var i = 1; i < text.Length - 1; i++)
            {
                if (text[i] == '\\')
                {
                    i++;
                    Assert.True(text[i] is '\\' or '"' && i < text.Length - 1, line);
                }
                else if (text[i] == '%')
                {
                    i++;
                    Assert.True(text[i] == '%', $"{line} has a specifier");
                }
                else
                {
                    Assert.NotEqual('"', text[i]);
                }

                value.Append(text[i]);
            }

            var assignment = value.ToString();
            variables[assignment[..assignment.IndexOf('=')]] = assignment[(assignment.IndexOf('=') + 1)..];
        }

        return variables;
    }
}
