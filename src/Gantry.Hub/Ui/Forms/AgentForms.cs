using System.Data.Common;
using Gantry.Hub.Access;
using Gantry.Hub.Coverage;
using Gantry.Hub.Estate;
using Gantry.Hub.Fleet.Views;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gantry.Hub.Ui.Forms;

/// <summary>What operators do to one agent from its page. Each is a call of the API too.</summary>
internal sealed class AgentForms(EstateQueries estate, FleetQueries agents, PageResolver pages, UiEndpoints endpoints)
{
    // 64 attributes of a name and a value of the longest kind, each character encoded.
    private const int MostBytes = 512 * 1024;

    public async Task AttributesAsync(HttpContext context)
    {
        if (await FormBody.ReadAsync(context, MostBytes) is not { } form)
        {
            return;
        }

        if (agents.One(IdOf(context)) is not { } detail)
        {
            await endpoints.UnknownAsync(context);
            return;
        }

        var text = form.Text("attributes");
        var attributes = AttributeLines.Read(text, out var problem);
        var (present, basis) = (AttributeLines.Write(detail.OperatorAttributes), form.Text("basis"));
        problem = problem.Length > 0 ? problem
            : present != basis && present != AttributeLines.Write(attributes) ? $"Somebody else changed them meanwhile. They are now: {(present.Length > 0 ? present.Replace("\n", ", ") : "none")}. What you typed is still in the box; save again to put it in their place."
            : Set(context, detail.Agent.Id, attributes);
        if (problem.Length > 0)
        {
            await endpoints.AgainAsync(context, pages.Agent(detail, estate.Current, text, problem), StatusCodes.Status400BadRequest);
            return;
        }

        Actor.Tell("agent.attributes", $"Agent/{detail.Agent.Id}", $"source {Owners.Ui}: {AttributeWords.Of(attributes)}");
        context.Response.SeeOther(Links.Agent(detail.Agent.Id));
    }

    public async Task RetryAsync(HttpContext context)
    {
        if (agents.One(IdOf(context)) is { } detail)
        {
            // One that was offered it meanwhile has nothing to retry, and its page says so.
            if (context.RequestServices.GetRequiredService<FleetView>().Retry(detail.Agent.Id))
            {
                Actor.Tell("agent.retry", $"Agent/{detail.Agent.Id}", $"source {Owners.Ui}");
            }

            context.Response.SeeOther(Links.Agent(detail.Agent.Id));
            return;
        }

        await endpoints.UnknownAsync(context);
    }

    private static string IdOf(HttpContext context) => AgentIds.OfRoute((string?)context.Request.RouteValues["id"] ?? "");

    /// <returns>What is wrong, "" when they are set.</returns>
    private static string Set(HttpContext context, string id, IReadOnlyDictionary<string, string> attributes)
    {
        try
        {
            return context.RequestServices.GetRequiredService<FleetView>().SetAttributes(id, attributes) ?? "The agent is gone meanwhile.";
        }
        catch (DbException exception)
        {
            return $"The hub's database cannot be written ({exception.Message}); nothing has changed. What you typed is still in the box.";
        }
    }
}
