using System.Data.Common;
using Gantry.Hub.FleetManagement.Callers;
using Gantry.Protocol.FleetManagement;

namespace Gantry.Hub.FleetManagement.Connect;

/// <summary>
/// Unary Connect over HTTP (https://connectrpc.com/docs/protocol/): POST with protobuf or JSON, GET for what has no side effects. Who calls is checked
/// before a byte of the body is read.
/// </summary>
internal sealed class ConnectDoor(ConnectServices services, ICallerCheck callers, TimeProvider time, ILogger<ConnectDoor> logger)
{
    public Task HandleAsync(HttpContext context, RequestDelegate next) =>
        !services.TryFind(context.Request.Path.Value ?? "", out var method) ? next(context)
        : method is null ? ConnectResponse.WriteErrorAsync(context, new ConnectError(ConnectCode.Unimplemented, "this service has no such method"), StatusCodes.Status404NotFound)
        : AnswerAsync(context, method);

    private async Task AnswerAsync(HttpContext context, ConnectMethod method)
    {
        if (!HttpMethods.IsPost(context.Request.Method) && !(method.HasNoSideEffects && HttpMethods.IsGet(context.Request.Method)))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = method.HasNoSideEffects ? "GET, POST" : "POST";
            return;
        }

        if (ConnectRequest.CodecOf(context.Request) is not { } codec)
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            context.Response.Headers["Accept-Post"] = Codecs.Accepted;
            return;
        }

        var (body, error) = await CallAsync(context, method, codec);
        if (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        await (error is null ? ConnectResponse.WriteAsync(context, codec, body) : ConnectResponse.WriteErrorAsync(context, error));
    }

    private async Task<(ReadOnlyMemory<byte> Body, ConnectError? Error)> CallAsync(HttpContext context, ConnectMethod method, Codec codec)
    {
        if (ConnectRequest.Check(context.Request, out var timeout) is { } wrong)
        {
            return (default, wrong);
        }

        using var deadline = timeout is { } span ? new CancellationTokenSource(span, time) : new CancellationTokenSource();
        using var both = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, context.RequestAborted);
        try
        {
            var verdict = await callers.CheckAsync(CallerCredential.Read(context.Request.Headers.Authorization), method.Need, both.Token);
            if (verdict.Caller is not { } caller)
            {
                return (default, verdict.Error);
            }

            var (body, unreadable) = await ConnectRequest.ReadAsync(context.Request, both.Token);
            both.Token.ThrowIfCancellationRequested();
            return unreadable is null ? method.Call(codec, body, caller) : (default, unreadable);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return (default, new ConnectError(ConnectCode.DeadlineExceeded, $"the request was not read within the {timeout?.TotalMilliseconds} ms that it gave"));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return (default, new ConnectError(ConnectCode.Canceled, "the client went away"));
        }
        catch (BadHttpRequestException exception)
        {
            // The server's own limits on a body that comes too slowly or ends early: the sender's fault.
            return (default, Errors.Invalid(exception.Message));
        }
        catch (DbException exception)
        {
            Log.NotWritten(logger, method.Path, exception.Message);
            return (default, new ConnectError(ConnectCode.Unavailable, "the hub could not write to its state; nothing has changed"));
        }
#pragma warning disable CA1031 // Whatever it is, the client reads Connect, and the details are for our log only.
        catch (Exception exception)
        {
            Log.CallFailed(logger, method.Path, exception);
            return (default, new ConnectError(ConnectCode.Internal, "the hub failed; its log says why"));
        }
#pragma warning restore CA1031
    }
}
