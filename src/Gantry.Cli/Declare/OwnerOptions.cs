using System.CommandLine;
using Gantry.Hub.Estate;

namespace Gantry.Cli.Declare;

/// <summary>The options <c>--owner</c> and <c>--take-over</c>, and who changes something.</summary>
internal sealed class OwnerOptions
{
    private const int LongestSource = 200;

    public OwnerOptions(CliContext context)
    {
        Owner = new Option<string>("--owner")
        {
            Description = "On whose behalf: what another owner applied is left alone",
            HelpName = "OWNER",
            DefaultValueFactory = _ => context.Variable("GANTRY_OWNER") is { Length: > 0 } owner ? owner : Owners.Api,
        };
        Owner.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } owner && !Owners.IsValid(owner))
            {
                result.AddError($"--owner '{owner}': expected {Owners.Expected}");
            }
        });
    }

    public Option<string> Owner { get; }

    public Option<bool> TakeOver { get; } = new("--take-over") { Description = "Change also what another owner applied, and own it from then on" };

    public void AddTo(Command command)
    {
        command.Add(Owner);
        command.Add(TakeOver);
    }

    /// <summary>"owner=git/shop&amp;takeOver=false&amp;source=ada, shop.yaml", escaped.</summary>
    /// <param name="from">The file, or what else it came from.</param>
    public string Query(ParseResult parsed, CliContext context, string from)
    {
        var source = context.Variable("USER") is { Length: > 0 } user ? $"{user}, {from}" : from;
        source = string.Concat(source.Where(c => !char.IsControl(c)).TakeLast(LongestSource));
        return $"owner={Uri.EscapeDataString(parsed.GetRequiredValue(Owner))}&takeOver={(parsed.GetValue(TakeOver) ? "true" : "false")}&source={Uri.EscapeDataString(source)}";
    }
}
