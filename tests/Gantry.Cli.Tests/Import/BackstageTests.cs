using System.Net;
using Gantry.Hub;
using Microsoft.Extensions.Logging;

namespace Gantry.Cli.Tests.Import;

/// <summary>A Backstage catalogue, read and declared against a real hub.</summary>
public sealed class BackstageTests : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private HubServer _hub = null!;

    private string File => _folder["catalog-info.yaml"];

    public async ValueTask InitializeAsync()
    {
        _hub = new HubServer(new HubOptions { Listen = new IPEndPoint(IPAddress.Loopback, 0), DataFolder = _folder["data"] }, logging => logging.SetMinimumLevel(LogLevel.None));
        await _hub.StartAsync();
        await WriteAsync(Example("yaml", "backstage.io/v1alpha1"));
    }

    public async ValueTask DisposeAsync()
    {
        await _hub.StopAsync();
        await _hub.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_catalogue_of_the_docs_becomes_the_document_of_the_docs_and_nothing_is_lost_in_silence()
    {
        var import = await Cli.RunAsync("import", "backstage", File);

        Assert.Equal(ExitCodes.Ok, import.ExitCode);
        Assert.Equal(Example("yaml", "backstage-system"), import.Out);
        Assert.Equal(
            $"""
             {File}:1: Component Cart_Service: not taken over: annotation github.com/project-slug, metadata.tags, spec.dependsOn (Gantry sees calls in telemetry)
             1 Service document; not made into one: 1 Component of type library, 1 Group

             """, import.Error);
    }

    [Fact]
    public async Task A_second_import_changes_what_the_first_made()
    {
        var first = await RunAsync("import", "backstage", File, "--apply");
        var same = await RunAsync("import", "backstage", File, "--apply");
        await WriteAsync((await System.IO.File.ReadAllTextAsync(File)).Replace("group:default/team-checkout", "group:default/team-basket", StringComparison.Ordinal));
        var changed = await RunAsync("import", "backstage", File, "--apply");
        var shown = await RunAsync("get", "declaredservices", "-o", "wide");

        Assert.Equal((ExitCodes.Ok, ExitCodes.Ok, ExitCodes.Ok), (first.ExitCode, same.ExitCode, changed.ExitCode));
        Assert.Contains("\ncreated", first.Out, StringComparison.Ordinal);
        Assert.Contains("\nunchanged", same.Out, StringComparison.Ordinal);
        Assert.Contains("\nchanged", changed.Out, StringComparison.Ordinal);
        Assert.Matches(@"cart-service\s+Shopping cart; owner team-basket; high; in shop/prod.*backstage", shown.Out);
    }

    [Fact]
    public async Task What_somebody_else_owns_is_left_as_it_is_and_named()
    {
        var own = _folder["own.yaml"];
        await System.IO.File.WriteAllTextAsync(own, "apiVersion: gantry/v1\nkind: Service\nmetadata: {name: cart-service}\nspec: {owner: me}\n");
        await RunAsync("apply", "-f", own);
        await System.IO.File.AppendAllTextAsync(File, "---\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: stock}\nspec: {type: service, lifecycle: production, owner: 'user:guest'}\n");

        var import = await RunAsync("import", "backstage", File, "--apply");
        var taken = await RunAsync("import", "backstage", File, "--apply", "--take-over");

        Assert.Equal(ExitCodes.Conflict, import.ExitCode);
        Assert.Contains("Service cart-service is owned by api and was left as it is", import.Error, StringComparison.Ordinal);
        Assert.Matches(@"created\s+stock\s+owner user:guest", import.Out);
        Assert.Equal(ExitCodes.Ok, taken.ExitCode);
        Assert.Matches(@"changed\s+cart-service", taken.Out);
    }

    [Theory]
    [InlineData("apiVersion: gantry/v1\nkind: Service\n", "is for `gantry apply`")]
    [InlineData("apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {}\nspec: {}\n", "metadata.name: is missing")]
    [InlineData("apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: a, annotations: {gantry/criticality: urgent}}\nspec: {type: service}\n", "expected mission_critical, high, medium, low")]
    [InlineData("apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: a, annotations: {gantry/names: 'a-*'}}\nspec: {type: service}\n", "has a '*'")]
    [InlineData("apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: A}\nspec: {type: service}\n---\napiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: a}\nspec: {type: service}\n", "would be the Service of")]
    [InlineData("a: [", "is neither YAML nor JSON")]
    public async Task What_is_wrong_is_said_and_nothing_is_done(string text, string message)
    {
        await WriteAsync(text);

        var import = await RunAsync("import", "backstage", File, "--apply");

        Assert.Equal(ExitCodes.Refused, import.ExitCode);
        Assert.Contains(message, import.Error, StringComparison.Ordinal);
        Assert.Contains("nothing was done", import.Error, StringComparison.Ordinal);
        Assert.Empty(import.Out);
    }

    [Theory]
    [InlineData("apiVersion: backstage.io/v1alpha1\nkind: \"Gr\\eoup\"\nmetadata: {name: a}\nspec: {}\n")]
    [InlineData("apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: a}\nspec: {type: \"libra\\ery\"}\n")]
    [InlineData("apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata: {name: a, annotations: {gantry/names: \"a\\e*\"}}\nspec: {type: service}\n")]
    public async Task What_a_file_says_does_not_steer_the_terminal(string text)
    {
        await WriteAsync(text);

        var import = await Cli.RunAsync("import", "backstage", File);

        Assert.NotEmpty(import.Error);
        Assert.DoesNotContain('\e', import.Error + import.Out);
    }

    /// <summary>The block of docs/catalogue.md that has the text.</summary>
    private static string Example(string language, string with) =>
        Repository.Read("docs/catalogue.md").Split($"```{language}\n").Skip(1).Select(part => part[..part.IndexOf("```", StringComparison.Ordinal)]).First(part => part.Contains(with, StringComparison.Ordinal));

    private Task WriteAsync(string text) => System.IO.File.WriteAllTextAsync(File, text);

    private Task<Cli> RunAsync(params string[] args) => Cli.RunAsync([.. args, "--hub", _hub.Address.ToString()]);
}
