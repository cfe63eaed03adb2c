using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Gantry.Hub.Ui;

/// <summary>Turns a view into HTML. A request and the live loop both come through here, so a live fragment is what a reload would show.</summary>
/// <remarks>
/// HtmlRenderer and not MapRazorComponents: a page is complete before its first byte is sent (so an error can still become an error page), and
/// nothing of the framework's endpoint machinery (antiforgery, streaming, enhanced navigation) has to be switched off.
/// </remarks>
internal sealed class PageRenderer(IServiceScopeFactory scopes, ILoggerFactory loggers, TimeProvider time)
{
    /// <param name="mayAudit">Of whoever asks; a live fragment has no menu.</param>
    public async Task<string> RenderAsync(PageView view, string theme, bool live, bool mayAudit = false)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<UiContext>().Enter(view.Snapshot, time.GetUtcNow(), theme, view.Url, live, mayAudit);

        await using var renderer = new HtmlRenderer(scope.ServiceProvider, loggers);
        var parameters = ParameterView.FromDictionary(new Dictionary<string, object?>(view.Parameters));
        return await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var page = await renderer.RenderComponentAsync(view.Component, parameters);
            return page.ToHtmlString();
        });
    }
}
