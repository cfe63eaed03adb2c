using System.CommandLine;

namespace Gantry.Cli.Verbs;

/// <summary>Options that are a whole number within bounds.</summary>
internal static class NumberOption
{
    public static Option<int> Create(string name, string description, string helpName, int standard, int least, int most)
    {
        var option = new Option<int>(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => standard };
        option.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && (!int.TryParse(result.Tokens[0].Value, out var number) || number < least || number > most))
            {
                result.AddError($"{name} '{result.Tokens[0].Value}': expected {least} to {most}");
            }
        });
        return option;
    }
}
