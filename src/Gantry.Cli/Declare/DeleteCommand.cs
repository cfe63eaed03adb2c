using System.CommandLine;
using Gantry.Cli.Api;
using Gantry.Cli.Get;
using Gantry.Cli.Verbs;
using Gantry.Estate.Resources;
using Gantry.Hub.Estate;

namespace Gantry.Cli.Declare;

/// <summary><c>gantry delete</c>: takes a declared resource back.</summary>
internal static class DeleteCommand
{
    public static Command Create(CliContext context)
    {
        var kind = new Argument<string>("KIND") { Description = $"{string.Join(", ", ResourceKinds.All.Select(known => known.Singular))}" };
        var name = new Argument<string>("NAME") { Description = "Its metadata.name" };
        var dryRun = ApplyCommand.DryRun();
        var owners = new OwnerOptions(context);
        var hub = HubAddress.Option(context);
        kind.Validators.Add(result =>
        {
            if (ResourceKinds.Find(result.Tokens[0].Value) is null)
            {
                result.AddError($"KIND '{result.Tokens[0].Value}': expected {string.Join(" or ", ResourceKinds.All.Select(known => known.Singular))}");
            }
        });
        var verb = new Verb("delete", "Take a declared resource back", context)
        {
            Details = "A resource that is not there is exit code 1, one of another owner 5. With --dry-run the exit code is 2 when there is something to delete.",
            Examples =
            [
                new Example("gantry delete samplingpolicy checkout", "its rules no longer hold, at every gateway within a second"),
                new Example("gantry delete samplingpolicy checkout --dry-run", "only say whether it is there"),
            ],
        };
        verb.Add(kind);
        verb.Add(name);
        verb.Add(dryRun);
        owners.AddTo(verb);
        verb.Add(hub);
        return verb.Runs(async (parsed, cancellation) =>
        {
            using var client = new HubClient(context, parsed.GetRequiredValue(hub));
            var known = ResourceKinds.Find(parsed.GetRequiredValue(kind))!;
            var only = parsed.GetValue(dryRun);
            var path = $"resources/{known.Plural}/{Uri.EscapeDataString(parsed.GetRequiredValue(name))}?dryRun={(only ? "true" : "false")}&{owners.Query(parsed, context, "gantry delete")}";
            var change = JsonText.Read<ResourceChange>(await client.ChangeAsync(HttpMethod.Delete, path, body: null, cancellation));
            context.Terminal.Out.WriteLine($"{(only ? "would be " : "")}{change.Result}  {change.Resource.Kind}  {change.Resource.Name}");
            return only ? ExitCodes.Differences : ExitCodes.Ok;
        });
    }
}
