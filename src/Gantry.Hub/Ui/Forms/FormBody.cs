using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gantry.Hub.Ui.Forms;

/// <summary>Reads the fields of a form, up to a size.</summary>
internal static class FormBody
{
    /// <returns>Null, with the status set, where it is no form or too large.</returns>
    public static async Task<IFormCollection?> ReadAsync(HttpContext context, int mostBytes)
    {
        if (!context.Request.HasFormContentType || context.Request.ContentLength is null || context.Request.ContentLength > mostBytes)
        {
            context.Response.StatusCode = context.Request.ContentLength > mostBytes ? StatusCodes.Status413PayloadTooLarge : StatusCodes.Status400BadRequest;
            return null;
        }

        try
        {
            var options = new FormOptions { ValueLengthLimit = mostBytes, KeyLengthLimit = 200, ValueCountLimit = 20, MultipartBodyLengthLimit = mostBytes };
            return await new FormFeature(context.Request, options).ReadFormAsync(context.RequestAborted);
        }
        catch (InvalidDataException)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return null;
        }
    }

    /// <summary>Browsers send line ends as CR LF.</summary>
    public static string Text(this IFormCollection form, string name) => form[name].ToString().ReplaceLineEndings("\n");

    public static void SeeOther(this HttpResponse response, string to)
    {
        response.StatusCode = StatusCodes.Status303SeeOther;
        response.Headers.Location = to;
    }
}
