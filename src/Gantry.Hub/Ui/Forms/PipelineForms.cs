using Gantry.Estate.Resources;
using Gantry.Hub.Access;
using Gantry.Hub.Coverage;
using Gantry.Hub.Ui.Pipelines;
using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Gantry.Hub.Ui.Forms;

/// <summary>The editor of pipelines and instrumentations: check, and save on the version that the page was drawn from.</summary>
internal sealed class PipelineForms(EstateQueries estate, PageResolver pages, UiEndpoints endpoints)
{
    private const int MostBytes = 8 * 1024 * 1024;

    /// <summary>The verdict as plain text, for the script that asks while somebody types.</summary>
    public async Task CheckAsync(HttpContext context, ResourceKind kind)
    {
        if (await ReadAsync(context) is not { } asked)
        {
            return;
        }

        Actor.OnlyLooked();
        var draft = Desk(context).Check(kind, asked.Name, asked.Draft, asked.TakeOver);
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        await context.Response.WriteAsync(draft.Verdict, context.RequestAborted);
    }

    public async Task SaveAsync(HttpContext context, ResourceKind kind)
    {
        if (await ReadAsync(context) is not { } asked)
        {
            return;
        }

        if (!asked.Saves)
        {
            Actor.OnlyLooked();
        }

        var (saved, draft) = asked.Saves ? Desk(context).Save(kind, asked.Name, asked.Draft, asked.TakeOver) : ("", Desk(context).Check(kind, asked.Name, asked.Draft, asked.TakeOver));
        if (saved.Length > 0)
        {
            context.Response.SeeOther(Links.Document(kind, saved));
            return;
        }

        var status = !asked.Saves ? StatusCodes.Status200OK
            : draft.Theirs is not null ? StatusCodes.Status412PreconditionFailed
            : draft.OwnedBy.Length > 0 ? StatusCodes.Status409Conflict
            : StatusCodes.Status400BadRequest;
        await endpoints.AgainAsync(context, pages.Pipeline(kind, asked.Name, estate.Current, draft), status);
    }

    private static PipelineDesk Desk(HttpContext context) => context.RequestServices.GetRequiredService<PipelineDesk>();

    private static async Task<Asked?> ReadAsync(HttpContext context)
    {
        if (await FormBody.ReadAsync(context, MostBytes) is not { } form)
        {
            return null;
        }

        var name = (string?)context.Request.RouteValues["name"] ?? "";
        var version = long.TryParse(form["version"], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        return new Asked(name == Links.NewName ? "" : name, new PipelineDraft(form.Text("document"), version), form["take-over"] == "yes", form["do"] == "save");
    }

    private sealed record Asked(string Name, PipelineDraft Draft, bool TakeOver, bool Saves);
}
