using System.Text.RegularExpressions;
using Gantry.Estate.Resources;

namespace Gantry.Estate.Pipelines.Lint;

/// <summary>
/// The settings of a component against the table: names that it does not have, and values of another type. Names are warnings, because versions differ, and contrib components
/// are not in the table as a whole; a duration that no collector can read is an error.
/// </summary>
internal static partial class SettingsCheck
{
    private const string MadeOf = "0.159";

    public static void Check(CollectorComponent component, string path, ResourceProblems problems)
    {
        var gone = ComponentShapes.GoneOf(component.Section, component.Type).ToList();
        foreach (var (setting, since, instead) in gone)
        {
            if (ConfigLint.Field(component.Config, setting) is { } field)
            {
                problems.Warn(field.Key, $"{path}.{setting}", $"is gone or does nothing from {since} on; {instead}");
            }
        }

        if (component.Config is MappingNode config && ComponentShapes.Find(component.Section, component.Type) is { } shape)
        {
            Check(config, shape.Settings, path, [.. gone.Select(item => item.Setting)], problems);
        }
    }

    private static void Check(MappingNode config, SettingsShape shape, string path, IReadOnlyList<string> told, ResourceProblems problems)
    {
        foreach (var (key, value) in config.Fields.Where(field => !told.Contains(field.Key.Text)))
        {
            var field = $"{path}.{key.Text}";
            if (shape.Settings.TryGetValue(key.Text, out var setting))
            {
                Check(value, setting, field, problems);
            }
            else if (NearWord.Of(key.Text, shape.Settings.Keys) is { } near)
            {
                problems.Warn(key.Line, key.Column, field, "", $"is not known (collector {MadeOf}); did you mean {near}?");
            }
            else if (shape.IsWhole)
            {
                problems.Warn(key.Line, key.Column, field, "", shape.Settings.Count == 0
                    ? $"is not known (collector {MadeOf}); this component has no settings"
                    : $"is not known (collector {MadeOf}); there are {string.Join(", ", shape.Settings.Keys.Order(StringComparer.Ordinal).Take(30))}");
            }
        }
    }

    private static void Check(Node value, SettingShape setting, string field, ResourceProblems problems)
    {
        if (setting.Inside is { } inside && value is MappingNode mapping)
        {
            Check(mapping, inside, field, [], problems);
            return;
        }

        // What the agent fills in may be anything.
        if (value is not ScalarNode { IsNull: false } scalar || scalar.Text.Contains("${", StringComparison.Ordinal))
        {
            return;
        }

        if (setting.Inside is not null)
        {
            problems.Warn(value, field, $"expected settings (name: value), this is {value.Word}");
        }
        else if (setting.Holds == "duration")
        {
            CheckDuration(scalar, field, problems);
        }
        else if (setting.Holds == "integer" && !scalar.Text.All(char.IsAsciiDigit))
        {
            problems.Warn(scalar, field, "expected a whole number, such as 100");
        }
        else if (setting.Holds == "boolean" && scalar.Text is not ("true" or "false" or "True" or "False" or "TRUE" or "FALSE"))
        {
            problems.Warn(scalar, field, "expected true or false");
        }
        else if (setting.Words.Count > 0 && !setting.Words.Contains(scalar.Text, StringComparer.OrdinalIgnoreCase))
        {
            problems.Warn(scalar, field, $"expected {string.Join(", ", setting.Words)}");
        }
    }

    /// <summary>As Go reads it. A number without a unit is read, and counts nanoseconds (mapstructure's hook for time.Duration), which nobody means.</summary>
    private static void CheckDuration(ScalarNode scalar, string field, ResourceProblems problems)
    {
        if (scalar.Text is "0" or "-1")
        {
            return;
        }

        if (scalar.Text.All(char.IsAsciiDigit))
        {
            problems.Warn(scalar, field, $"is {scalar.Text} nanoseconds; write a unit, such as {scalar.Text}s");
        }
        else if (!Duration().IsMatch(scalar.Text))
        {
            problems.Refuse(scalar, field, "expected a duration such as 500ms, 10s, 5m or 1h30m");
        }
    }

    [GeneratedRegex(@"^[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h)(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))*$|^[-+]?0$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Duration();
}
